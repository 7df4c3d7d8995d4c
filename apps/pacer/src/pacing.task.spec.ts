import { event, metaOf, requestIdOf } from '@paceline/contracts';
import { noon } from './hand-time.suite.ts';
import { admitted, opened, poison, recordOf, rows, worstSecond } from './partition-bench.suite.ts';

describe('granting', () => {
  it('commits slots, state and offset in one transaction', async () => {
    const bench = await opened();
    await bench.append(...rows(1, 20));
    await bench.time.advance(50);
    expect(bench.transactions).toHaveLength(1);
    expect(bench.transactions[0]).toMatchObject({
      state: [{ key: 'account:demo' }],
      offsets: [{ topic: 'paceline.requests', offset: 20 }],
    });
    expect(bench.written).toHaveLength(20);
    const headers = { requestId: requestIdOf('a', 1), batchId: 'a', attempt: '1' };
    expect(bench.written[0]).toMatchObject({ topic: 'paceline.slots', key: requestIdOf('a', 1), headers });
  });

  it('holds its pace over many slices, and slices never overlap', async () => {
    const bench = await opened();
    bench.commitMs = 35;
    await bench.append(...rows(1, 1500));
    await bench.time.advance(10_000);
    const slotAts = bench.slots().map(({ slotAt }) => slotAt);
    expect(slotAts).toEqual(slotAts.toSorted((a, b) => a - b));
    expect(new Set(slotAts.slice(1).map((at, n) => at - (slotAts[n] ?? 0)))).toEqual(new Set([10_000, 10_001]));
    expect(worstSecond(slotAts)).toBeLessThanOrEqual(100);
    expect(slotAts.length).toBeGreaterThan(1_000);
  });

  it('never has two commits under way, however long one takes', async () => {
    const bench = await opened();
    bench.commitMs = 450;
    await bench.append(...rows(1, 500));
    for (let n = 0; n < 40; n += 1) {
      await bench.time.advance(100);
      await bench.append(admitted(1000 + n));
    }
    expect(bench.mostInFlight).toBe(1);
    expect(worstSecond(bench.slots().map(({ slotAt }) => slotAt))).toBeLessThanOrEqual(100);
  });

  it('is silent while nothing is near', async () => {
    const bench = await opened();
    await bench.append(...rows(1, 3));
    await bench.time.advance(1_000);
    expect(bench.time.armed).toBe(0);
    expect(bench.transactions).toHaveLength(1);
  });

  it('wakes for a row whose time comes', async () => {
    const bench = await opened();
    await bench.append(admitted(1, { notBefore: noon + 7_250_000 }));
    await bench.time.advance(6_000);
    expect(bench.slots()).toEqual([]);
    await bench.time.advance(1_000);
    expect(bench.slots().map(({ slotAt }) => slotAt)).toEqual([noon + 7_250_000]);
  });

  it('spans the slot of a traced row only, and the slot carries the span on', async () => {
    const bench = await opened();
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    await bench.append(admitted(1, {}, { traceparent }), admitted(2));
    await bench.time.advance(50);
    expect(bench.tracing.named('grant slot').map(({ ended, attributes }) => [ended, attributes['slot.number']])).toEqual([[true, 1]]);
    expect(bench.written[0]?.headers?.['traceparent']).toMatch(new RegExp(`^00-${'a'.repeat(32)}-(?!b{16})`));
    expect(bench.written[1]?.headers).not.toHaveProperty('traceparent');
  });
});

describe('controls', () => {
  it('pausing the account stops slots with the next slice, resuming goes on without a burst', async () => {
    const bench = await opened();
    await bench.append(...rows(1, 1000));
    await bench.time.advance(1_000);
    bench.controls.set('account:demo/paused/operator', true);
    const before = bench.slots().length;
    await bench.time.advance(5_000);
    expect(bench.slots()).toHaveLength(before);
    bench.controls.set('account:demo/paused/operator', null);
    await bench.time.advance(3_000);
    expect(bench.slots().length).toBeGreaterThan(before + 200);
    expect(worstSecond(bench.slots().map(({ slotAt }) => slotAt))).toBeLessThanOrEqual(100);
  });

  it('a lower rate holds for every slot stamped after it', async () => {
    const bench = await opened();
    await bench.append(...rows(1, 1000));
    await bench.time.advance(1_000);
    bench.controls.set('account:demo/rate/adaptive', 10);
    const before = bench.slots().length;
    await bench.time.advance(10_000);
    const after = bench
      .slots()
      .slice(before)
      .map(({ slotAt }) => slotAt);
    expect(after.length).toBeGreaterThan(80);
    expect(worstSecond(after)).toBeLessThanOrEqual(10);
  });

  it('cancelling a batch closes its waiting rows with their offsets, and what comes back later', async () => {
    const bench = await opened();
    await bench.append(...rows(1, 200));
    await bench.time.advance(150);
    bench.controls.set('batch:a/cancelled/operator', true);
    await bench.time.advance(1_000);
    const granted = bench.slots().length;
    expect(bench.closedRows()).toHaveLength(200 - granted);
    const request = admitted(1).event.data;
    const meta = metaOf('SlotReturned', { natural: ['x'], at: noon, correlationId: 'a' });
    const { data } = { data: request as { request: ReturnType<typeof bench.slots>[number]['request'] } };
    const backoff = { throttles: 0, since: null };
    await bench.append(
      recordOf(event('SlotReturned', { meta, request: data.request, attempt: 1, backoff, reason: 'late', slotAt: noon, number: 1 })),
    );
    await bench.time.advance(1_000);
    expect(bench.closedRows().at(-1)).toEqual({ row: 1, outcome: 'cancelled', reason: 'cancelled' });
    expect(bench.slots()).toHaveLength(granted);
    expect(bench.committed).toBe(201);
  });

  it('that may be out of date stop the slots until they are fresh', async () => {
    const bench = await opened();
    bench.controls.fresh = false;
    await bench.append(...rows(1, 10));
    await bench.time.advance(2_000);
    expect(bench.slots()).toEqual([]);
    bench.controls.fresh = true;
    await bench.time.advance(200);
    expect(bench.slots()).toHaveLength(10);
  });
});

describe('records that are no rows for the pacer', () => {
  it('are dead letters, and the row that the headers name gets its outcome, in the transaction that passes them', async () => {
    const bench = await opened();
    await bench.append(poison({ requestId: 'r1', batchId: 'a', attempt: '3' }), poison({}), admitted(1));
    await bench.time.advance(50);
    expect(bench.transactions).toHaveLength(1);
    expect(bench.written.map(({ topic }) => topic).toSorted()).toEqual([
      'paceline.dead-letters',
      'paceline.dead-letters',
      'paceline.outcomes',
      'paceline.slots',
    ]);
    const outcome = bench.written.find(({ topic }) => topic === 'paceline.outcomes');
    expect(outcome?.event.data).toMatchObject({ requestId: 'r1', outcome: 'unknown', reason: 'undecodable', attempts: 2 });
    expect(bench.committed).toBe(3);
    await bench.open();
    await bench.time.advance(2_000);
    expect(bench.written).toHaveLength(4);
  });

  it('of an account that the settings do not know are closed as rejected', async () => {
    const bench = await opened();
    await bench.append(admitted(1, { account: 'nobody' }));
    await bench.time.advance(50);
    expect(bench.closedRows()).toEqual([{ row: 1, outcome: 'rejected', reason: 'unknown-account' }]);
  });
});

describe('memory', () => {
  it('is bounded: reading pauses while too many rows wait and goes on when they are fewer', async () => {
    const bench = await opened({ maxWaiting: 200 });
    await bench.append(...rows(1, 250));
    expect(bench.delivery).toEqual(['paused']);
    await bench.time.advance(2_000);
    expect(bench.delivery).toEqual(['paused', 'resumed']);
  });

  it('shows what waits and since when', async () => {
    const bench = await opened();
    await bench.append(...rows(1, 250));
    await bench.time.advance(500);
    const text = await bench.registry.metrics();
    expect(text).toMatch(/paceline_pacer_waiting_rows{account="demo"} 1\d\d/);
    expect(text).toMatch(/paceline_pacer_oldest_waiting_seconds{account="demo"} 0\.5/);
    expect(text).toMatch(/paceline_pacer_granted_total{account="demo",lane="messages"} \d+/);
    expect(text).toMatch(/paceline_pacer_lane_waiting_rows{account="demo",lane="messages"} 1\d\d/);
    expect(text).toMatch(/paceline_pacer_lane_oldest_waiting_seconds{account="demo",lane="messages"} 0\.5/);
  });
});
