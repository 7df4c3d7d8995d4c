import { admitted, Bench, noon, rowsFrom } from './pacing-bench.suite.ts';
import type { AccountReport } from './pacing-report.ts';

const lane = 'messages:aaaaaaaaaaaa';

const reportOf = (bench: Bench): AccountReport => {
  const [report] = bench.pacing.report(bench.now);
  if (report === undefined) throw new Error('no account reports');
  return report;
};

describe('the report tells', () => {
  it('how the account stands', () => {
    const bench = new Bench()
      .append(...rowsFrom(1, 500))
      .set('account:demo/rate/adaptive', 40)
      .run(10);
    bench.board.calls = 7;
    expect(reportOf(bench)).toMatchObject({
      account: 'demo',
      waiting: 500 - bench.slots.length,
      waitingSince: noon,
      callsPerSecond: 40,
      configuredCallsPerSecond: 100,
      inFlight: 7,
      era: 1,
    });
  });

  it.each([
    ['the account is paused', 'account:demo/paused/operator', true, { kind: 'paused', entity: 'account:demo' }],
    ['its breaker is open', 'account:demo/breaker/breaker', 'open', { kind: 'breaker' }],
    ['the batch is paused', 'batch:batch-a/paused/operator', true, { kind: 'paused', entity: 'batch:batch-a' }],
    ['the lane is paused', `lane:${lane}/paused/operator`, true, { kind: 'paused', entity: `lane:${lane}` }],
    ['the lane is parked', `lane:${lane}/parked/breaker`, 'parked', { kind: 'parked', entity: `lane:${lane}` }],
    ['the rate is nothing', 'account:demo/rate/operator', 0, { kind: 'rate', callsPerSecond: 0 }],
  ])('that %s, and that it does not end by itself', (...[, key, value, reason]) => {
    const bench = new Bench()
      .append(...rowsFrom(1, 10, { lane }))
      .set(key, value)
      .run(1);
    expect(reportOf(bench).groups).toMatchObject([{ batchId: 'batch-a', lane, rows: 10, reason, nextAt: null }]);
  });

  it.each([
    ['lane', `lane:${lane}/parked/breaker`, 'probing', { kind: 'parked', entity: `lane:${lane}` }],
    ['account', 'account:demo/breaker/breaker', 'half-open', { kind: 'breaker' }],
  ])('that a stopped %s is tried, and when next', (...[, key, value, reason]) => {
    const bench = new Bench()
      .append(...rowsFrom(1, 10, { lane }))
      .set(key, value)
      .run(60);
    const [group] = reportOf(bench).groups;
    expect(group).toMatchObject({ rows: 10 - bench.slots.length, reason });
    expect(group?.nextAt).toBe((bench.slots.at(-1)?.slotAt ?? 0) + 5_000_000);
  });

  it('when the first row may go, by the nearest cause', () => {
    const laneRates = new Map([[lane, 1]]);
    const bench = new Bench(new Map([['demo', { callsPerSecond: 50, laneRates, apiLimits: { calls: 1 }, dailyCap: 1_000 }]]));
    bench.append(
      ...rowsFrom(1, 20, { batchId: 'lane', lane, cost: 3 }),
      ...rowsFrom(1, 20, { batchId: 'api', api: 'calls', lane: 'calls:b' }),
    );
    bench.append(...rowsFrom(1, 400, { batchId: 'rate' }), admitted(1, { batchId: 'later', notBefore: noon + 60_000_000 })).run(2);
    const groups = new Map(reportOf(bench).groups.map((group) => [group.batchId, group]));
    expect(groups.get('lane')).toMatchObject({ reason: { kind: 'lane-rate', segmentsPerSecond: 1 } });
    expect(groups.get('api')).toMatchObject({ reason: { kind: 'api-rate', api: 'calls', callsPerSecond: 1 } });
    expect(groups.get('rate')).toMatchObject({ reason: { kind: 'rate', callsPerSecond: 50 } });
    expect(groups.get('later')).toMatchObject({ reason: { kind: 'not-before' }, nextAt: noon + 60_000_000 });
    expect((groups.get('lane')?.nextAt ?? 0) - bench.now).toBeGreaterThan(1_000_000);
  });

  it('that the day is full', () => {
    const bench = new Bench(new Map([['demo', { callsPerSecond: 100, dailyCap: 5 }]])).append(...rowsFrom(1, 10)).run(2);
    expect(reportOf(bench).groups).toMatchObject([
      { rows: 5, reason: { kind: 'daily-cap', cap: 5 }, nextAt: Math.ceil(noon / 86_400e6) * 86_400e6 },
    ]);
  });

  it('no more than the biggest groups', () => {
    const bench = new Bench();
    for (let n = 0; n < 400; n += 1) bench.append(...rowsFrom(1, (n % 7) + 1, { batchId: `b${n}` }));
    bench.set('account:demo/paused/operator', true).run(1);
    const { groups } = reportOf(bench);
    expect(groups).toHaveLength(200);
    expect(groups[0]?.rows).toBe(7);
  });
});
