import { event, metaOf } from '@paceline/contracts';
import type { AccountSteward } from '@paceline/domain/pacing';
import { noon } from './hand-time.suite.ts';
import { PartitionBench, rows } from './partition-bench.suite.ts';

const gauge = (partition: number, at: number) =>
  event('SenderGauged', {
    meta: metaOf('SenderGauged', { natural: ['s1', partition, 1, 'demo', at], at, correlationId: 'demo' }),
    ...{ sender: 's1', partition, epoch: 1, account: 'demo', inFlight: 3, latencyP90Ms: 80, latencyMeanMs: 60 },
  });

const counts = (at: number) =>
  event('CodesCounted', {
    meta: metaOf('CodesCounted', { natural: ['demo', 0, at], at, correlationId: 'demo' }),
    ...{
      account: 'demo',
      partition: 0,
      counts: [{ lane: 'messages', batchId: 'a', class: 'NOT_PROCESSED' as const, code: 20429, attempts: 4 }],
    },
  });

async function gauged(over: ConstructorParameters<typeof PartitionBench>[0] = {}): Promise<PartitionBench> {
  const bench = new PartitionBench(over);
  bench.gauged = true;
  await bench.open();
  return bench;
}

/** Gauges every second, as a sender would. */
async function run(bench: PartitionBench, seconds: number, partitions: readonly number[] = [0, 1, 2, 3]): Promise<void> {
  for (let n = 0; n < seconds; n += 1) {
    await bench.signal(...partitions.map((partition) => gauge(partition, bench.time.wallMicros())));
    await bench.time.advance(1_000);
  }
}

describe('gauges', () => {
  it('must come before anything is granted, and slots end when they stop', async () => {
    const bench = await gauged();
    await bench.append(...rows(1, 1_000));
    await bench.time.advance(3_000);
    expect(bench.slots()).toEqual([]);
    await run(bench, 3);
    const granted = bench.slots().length;
    expect(granted).toBeGreaterThan(200);
    await bench.time.advance(10_000);
    expect(bench.slots().length).toBeLessThan(granted + 350);
    const silent = bench.slots().length;
    await bench.time.advance(10_000);
    expect(bench.slots()).toHaveLength(silent);
  });

  it('of long ago say nothing: after a takeover only the present counts', async () => {
    const bench = await gauged();
    await bench.append(...rows(1, 100));
    await bench.signal(...[0, 1, 2, 3].map((partition) => gauge(partition, noon - 60_000_000)));
    await bench.time.advance(3_000);
    expect(bench.slots()).toEqual([]);
  });

  it('are committed with the slices, and now and then without one', async () => {
    const bench = await gauged();
    await bench.append(...rows(1, 10));
    await run(bench, 2);
    expect(bench.signalsCommitted).toBeGreaterThan(0);
    const idle = bench.signalsCommitted;
    await run(bench, 70);
    expect(bench.signalsCommitted).toBeGreaterThan(idle);
    expect(bench.transactions.length).toBeLessThan(6);
  });

  it('are shown with the waiting rows', async () => {
    const bench = await gauged();
    await bench.append(...rows(1, 1_000));
    await run(bench, 2);
    const [report] = bench.reports.accounts(bench.time.wallMicros());
    expect(report).toMatchObject({
      account: 'demo',
      inFlight: 12,
      callsPerSecond: 100,
      groups: [{ batchId: 'a', reason: { kind: 'rate' } }],
    });
  });
});

describe('counts of answers', () => {
  it('lead to controls in the transaction of the next slice', async () => {
    const heard: number[] = [];
    const steward: AccountSteward = {
      heed: ({ counts: found }) => void heard.push(found.length),
      decide: () =>
        heard.length === 0
          ? []
          : [{ entity: 'account:demo', aspect: 'rate', origin: 'adaptive', value: '40', reason: `throttled ${heard.splice(0).length}` }],
      nextAtMs: () => null,
    };
    const bench = await gauged({ newSteward: () => steward });
    await bench.signal(counts(bench.time.wallMicros()));
    await bench.time.advance(200);
    const said = bench.written.filter(({ topic }) => topic === 'paceline.controls');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({
      key: 'account:demo/rate/adaptive',
      event: { type: 'ControlSet', data: { value: '40', by: 'pacer', origin: 'adaptive', reason: 'throttled 1' } },
    });
  });
});

describe('an old row that waits', () => {
  it('is appended again with its ids and trace, and its older record is released in the same transaction', async () => {
    const bench = new PartitionBench({ carrySpan: 50 });
    await bench.open();
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`;
    await bench.append(
      ...rows(0, 0, { notBefore: noon + 30_000_000 }).map((row) => ({ ...row, headers: { ...row.headers, traceparent } })),
    );
    await bench.append(...rows(1, 200));
    await bench.time.advance(3_000);
    const carried = bench.transactions.find(({ outputs }) => outputs.some(({ topic }) => topic === 'paceline.requests'));
    const output = carried?.outputs.find(({ topic }) => topic === 'paceline.requests');
    expect(output).toMatchObject({ key: 'demo', headers: { batchId: 'a', attempt: '1', traceparent } });
    expect(carried?.offsets?.[0]?.offset).toBeGreaterThan(0);
    await bench.open();
    await bench.time.advance(35_000);
    expect(bench.slots()).toHaveLength(201);
    expect(bench.slots().at(-1)).toMatchObject({ slotAt: noon + 30_000_000, request: { row: 0 } });
  });
});
