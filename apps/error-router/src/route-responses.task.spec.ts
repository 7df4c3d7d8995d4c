import { earlyKeptMs } from '@paceline/domain/routing';
import { OpeningLost } from '@paceline/pipeline';
import { Bench, claimRecord, horizonMs, poison, responseRecord, traceparent } from './router-bench.suite.ts';

let bench: Bench;
beforeEach(() => (bench = new Bench()));

async function claimed(): Promise<void> {
  bench.log.append('paceline.attempts', claimRecord());
  await bench.deliver('paceline.attempts');
}

test('outputs, state and offsets of a batch are one transaction', async () => {
  await claimed();
  expect(bench.log.transactions).toBe(0);
  bench.log.append('paceline.responses', responseRecord());
  await bench.deliver('paceline.responses');
  expect(bench.log.transactions).toBe(1);
  expect(bench.stored()).toEqual([]);
  expect(bench.log.committed.get('paceline.responses')).toEqual({ topic: 'paceline.responses', offset: 1 });
  expect(bench.log.committed.get('paceline.attempts')).toEqual({ topic: 'paceline.attempts', offset: 1 });
  expect(bench.closings()).toMatchObject([{ outcome: 'accepted', sid: 'SM1', row: 7 }]);
});

test('what was decided is counted in the same transaction, under its account', async () => {
  bench.log.append('paceline.attempts', claimRecord(1), claimRecord(2));
  await bench.deliver('paceline.attempts');
  expect(bench.log.written).toEqual([]);
  const again = { attemptId: 'r1#2', attempt: 2, class: 'NOT_PROCESSED', httpStatus: 429, code: 20429, sid: null } as const;
  bench.log.append('paceline.responses', responseRecord(), responseRecord(again));
  await bench.deliver('paceline.responses');
  const counts = bench.log.written.filter(({ topic }) => topic === 'paceline.signals');
  expect(counts).toMatchObject([{ key: 'demo', event: { type: 'CodesCounted' } }]);
  expect(counts[0]?.event.data).toMatchObject({
    counts: [
      { class: 'ACCEPTED', code: null, attempts: 1 },
      { class: 'NOT_PROCESSED', code: 20429, attempts: 1 },
    ],
  });
  expect(bench.log.transactions).toBe(1);
});

test('the records of a decision carry its span and whose row they are', async () => {
  await claimed();
  bench.log.append('paceline.responses', responseRecord({ class: 'NOT_PROCESSED', httpStatus: 429, sid: null }));
  await bench.deliver('paceline.responses');
  const [retry] = bench.log.written;
  expect(retry).toMatchObject({ topic: 'paceline.requests', key: 'demo', event: { type: 'RetryScheduled' } });
  expect(retry?.headers).toEqual({
    traceparent: traceparent.replace('b7ad6b7169203331', '00000000000000aa'),
    requestId: 'r1',
    batchId: 'b1',
    attempt: '2',
  });
  expect(bench.spans).toEqual(['route retry:throttled']);
  expect(await bench.metric('paceline_router_decisions_total')).toMatchObject([
    { value: 1, labels: { class: 'NOT_PROCESSED', action: 'retry:throttled' } },
  ]);
});

test('a response that comes before its claim decides when the claim comes', async () => {
  bench.log.append('paceline.responses', responseRecord());
  await bench.deliver('paceline.responses');
  expect(bench.closings()).toEqual([]);
  await claimed();
  expect(bench.closings()).toMatchObject([{ outcome: 'accepted' }]);
});

test.each(['before', 'after'] as const)('killed %s the commit of a decision, the next owner decides it exactly once', async (when) => {
  await claimed();
  bench.log.append('paceline.responses', responseRecord());
  bench.log.crashNext(when);
  await expect(bench.deliver('paceline.responses')).rejects.toBeInstanceOf(OpeningLost);
  await bench.takeover();
  await bench.deliver('paceline.attempts', 'paceline.responses');
  await bench.pass(10 * horizonMs);
  expect(bench.closings()).toMatchObject([{ outcome: 'accepted' }]);
  expect(bench.stored()).toEqual([]);
});

test('a claim that is not answered soon is stored, and read no more', async () => {
  await claimed();
  await bench.pass(1_999);
  expect(bench.log.transactions).toBe(0);
  await bench.pass(1);
  expect(bench.stored()).toEqual(['r1#1']);
  expect(bench.log.committed.get('paceline.attempts')?.offset).toBe(1);
});

test.each(['before', 'after'] as const)('killed %s the commit of a claim, its response still decides once', async (when) => {
  await claimed();
  bench.log.crashNext(when);
  await bench.pass(2_000);
  await bench.takeover();
  await bench.deliver('paceline.attempts');
  bench.log.append('paceline.responses', responseRecord());
  await bench.deliver('paceline.responses');
  expect(bench.closings()).toHaveLength(1);
});

test('a response that was read long before its claim still decides: neither is given up for being read late', async () => {
  bench.log.append('paceline.attempts', claimRecord());
  bench.log.append('paceline.responses', responseRecord());
  await bench.deliver('paceline.responses');
  await bench.pass(10 * horizonMs);
  await bench.deliver('paceline.attempts');
  expect(bench.closings()).toMatchObject([{ outcome: 'accepted' }]);
});

test('a duplicate response decides nothing; it is dropped and counted after an hour', async () => {
  await claimed();
  bench.log.append('paceline.responses', responseRecord(), responseRecord(), responseRecord({ class: 'IN_DOUBT' }));
  await bench.deliver('paceline.responses');
  expect(bench.stored()).toEqual(['r1#1']);
  await bench.pass(earlyKeptMs);
  expect(bench.stored()).toEqual([]);
  expect(bench.closings()).toHaveLength(1);
  expect(await bench.metric('paceline_router_dropped_observations_total')).toMatchObject([
    { value: 1, labels: { why: 'duplicate' } },
    { value: 1, labels: { why: 'no-attempt' } },
  ]);
});

describe('the horizon', () => {
  test('a claim without a response ends unknown once H has passed, never sooner', async () => {
    await claimed();
    await bench.pass(horizonMs - 1);
    expect(bench.closings()).toEqual([]);
    await bench.pass(1);
    expect(bench.closings()).toMatchObject([{ outcome: 'unknown', reason: 'claim-without-response', attempts: 1 }]);
    expect(bench.stored()).toEqual([]);
  });

  test('a response that is written but not read yet keeps its claim open', async () => {
    await claimed();
    bench.log.append('paceline.responses', responseRecord());
    await bench.pass(horizonMs * 10);
    expect(bench.closings()).toEqual([]);
    await bench.deliver('paceline.responses');
    expect(bench.closings()).toMatchObject([{ outcome: 'accepted' }]);
  });

  test('it begins anew for the next owner', async () => {
    await claimed();
    await bench.pass(horizonMs - 1);
    await bench.takeover();
    await bench.pass(horizonMs - 1);
    expect(bench.closings()).toEqual([]);
    await bench.pass(1);
    expect(bench.closings()).toHaveLength(1);
  });

  test('it begins anew when the brokers were away', async () => {
    await claimed();
    bench.log.endOffsetFails = true;
    await bench.pass(horizonMs);
    bench.log.endOffsetFails = false;
    await bench.pass(horizonMs - 1);
    expect(bench.closings()).toEqual([]);
    await bench.pass(1);
    expect(bench.closings()).toHaveLength(1);
  });

  test.each(['before', 'after'] as const)('killed %s the commit of a sweep, the next owner closes the claim once', async (when) => {
    await claimed();
    bench.log.crashNext(when);
    await bench.pass(horizonMs);
    await bench.takeover();
    await bench.deliver('paceline.attempts', 'paceline.responses');
    await bench.pass(horizonMs);
    expect(bench.closings()).toHaveLength(1);
    expect(bench.failures).toEqual([]);
  });

  test('nothing is swept after the task was closed', async () => {
    await claimed();
    await bench.takeover();
    await bench.pass(10 * horizonMs);
    expect(bench.log.transactions).toBe(0);
  });
});

describe('a record that cannot be decoded', () => {
  test('goes to the dead letters, and its open attempt ends unknown with its row', async () => {
    await claimed();
    bench.log.append('paceline.responses', poison());
    await bench.deliver('paceline.responses');
    expect(bench.log.written.map(({ topic }) => topic)).toEqual(['paceline.dead-letters', 'paceline.outcomes', 'paceline.signals']);
    expect(bench.closings()).toMatchObject([{ outcome: 'unknown', reason: 'undecodable', row: 7, account: 'demo' }]);
  });

  test('of an attempt that was decided already changes nothing but the dead letters', async () => {
    await claimed();
    bench.log.append('paceline.responses', responseRecord(), poison());
    await bench.deliver('paceline.responses');
    await bench.pass(horizonMs);
    expect(bench.closings()).toMatchObject([{ outcome: 'accepted' }]);
  });

  test('and was a claim closes the row that its headers name', async () => {
    bench.log.append('paceline.attempts', { ...poison(), topic: 'paceline.attempts' });
    await bench.deliver('paceline.attempts');
    expect(bench.closings()).toMatchObject([{ requestId: 'r1', batchId: 'b1', outcome: 'unknown', reason: 'undecodable' }]);
  });

  test('and names no row is only a dead letter; the partition moves on', async () => {
    bench.log.append('paceline.responses', poison({}));
    await bench.deliver('paceline.responses');
    expect(bench.log.written.map(({ topic }) => topic)).toEqual(['paceline.dead-letters']);
    expect(bench.log.committed.get('paceline.responses')?.offset).toBe(1);
  });
});
