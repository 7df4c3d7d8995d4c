import { Bench, minLead, noon, rowsFrom, worstSecond, type BenchSlot } from './pacing-bench.suite.ts';

const lane = 'messages:aaaaaaaaaaaa';
const other = 'messages:bbbbbbbbbbbb';

const onLane = (slots: readonly BenchSlot[], id: string): BenchSlot[] => slots.filter((slot) => slot.lane === id);

describe('a lane of messages', () => {
  it('keeps to the segments a second of its sender, and delays no other lane (I12)', () => {
    const bench = new Bench(new Map([['demo', { callsPerSecond: 100, laneRates: new Map([[lane, 1]]) }]]));
    bench.append(...rowsFrom(1, 50, { lane }), ...rowsFrom(51, 400, { lane: other })).run(40);
    expect(worstSecond(onLane(bench.slots, lane))).toBe(1);
    expect(onLane(bench.slots, lane).length).toBeGreaterThanOrEqual(4);
    const gaps = onLane(bench.slots, other).map(({ slotAt }, n, all) => slotAt - (all[n - 1]?.slotAt ?? slotAt));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(20_001);
    expect(onLane(bench.slots, other)).toHaveLength(350);
  });

  it('pays for every segment', () => {
    const bench = new Bench(new Map([['demo', { callsPerSecond: 100, laneRates: new Map([[lane, 2]]) }]]));
    bench.append(...rowsFrom(1, 10, { lane, cost: 3 })).run(60);
    const gaps = bench.slots.slice(1).map(({ slotAt }, n) => slotAt - (bench.slots[n]?.slotAt ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_500_000);
    expect(worstSecond(bench.slots)).toBeLessThanOrEqual(2 + 3 - 1);
  });

  it('has no limit of its own when its sender is not listed, unless the settings give one', () => {
    const free = new Bench().append(...rowsFrom(1, 100, { lane })).run(10);
    expect(free.slots).toHaveLength(100);
    const limited = new Bench(new Map([['demo', { callsPerSecond: 100, unlistedSegmentsPerSecond: 5 }]]));
    limited.append(...rowsFrom(1, 50, { lane }), ...rowsFrom(51, 100, { lane: other })).run(20);
    expect(worstSecond(onLane(limited.slots, lane))).toBe(5);
    expect(worstSecond(onLane(limited.slots, other))).toBe(5);
  });

  it('after a takeover is not granted sooner than its last message allows', () => {
    const bench = new Bench(new Map([['demo', { callsPerSecond: 100, laneRates: new Map([[lane, 1]]) }]]));
    bench.append(...rowsFrom(1, 3, { lane, cost: 5 })).run(1);
    bench.crash();
    bench.run(100);
    const [first, second] = bench.slots;
    expect((second?.slotAt ?? 0) - (first?.slotAt ?? 0)).toBeGreaterThanOrEqual(5_000_000);
  });

  it('leaves the changelog when its mark says nothing any more', () => {
    const bench = new Bench(new Map([['demo', { callsPerSecond: 100, laneRates: new Map([[lane, 1]]) }]]));
    bench.append(...rowsFrom(1, 1, { lane, cost: 5 })).run(1);
    expect([...bench.state.keys()]).toContain(`lane:demo/${lane}`);
    bench.run(200);
    bench.append(...rowsFrom(2, 2, { lane: other })).run(2);
    expect([...bench.state.keys()]).toEqual(['account:demo']);
  });
});

describe('an API limit', () => {
  it('holds for all lanes of its API together; a sender has no rate of calls', () => {
    const laneRates = new Map([['calls:aaaaaaaaaaaa', 0.1]]);
    const bench = new Bench(new Map([['demo', { callsPerSecond: 100, apiLimits: { calls: 2 }, laneRates }]]));
    bench.append(...rowsFrom(1, 20, { api: 'calls', lane: 'calls:aaaaaaaaaaaa' }));
    bench.append(...rowsFrom(21, 40, { api: 'calls', lane: 'calls:bbbbbbbbbbbb' }), ...rowsFrom(41, 240)).run(110);
    const calls = bench.slots.filter(({ api }) => api === 'calls');
    expect(worstSecond(calls)).toBe(2);
    expect(calls.length).toBeGreaterThanOrEqual(20);
    expect(calls.map(({ row }) => row)).toEqual(calls.map((_, n) => n + 1));
    expect(bench.slots.filter(({ api }) => api === 'messages')).toHaveLength(200);
  });
});

describe('a daily cap', () => {
  const terms = { callsPerSecond: 100, dailyCap: 30, dailyReset: { at: '00:00', zone: 'UTC' } };
  const midnight = Math.ceil(noon / 86_400e6) * 86_400e6;

  it('grants so many calls a day, and goes on with the next reset', () => {
    const bench = new Bench(new Map([['demo', terms]])).append(...rowsFrom(1, 50)).run(20);
    expect(bench.slots).toHaveLength(30);
    bench.pass(midnight - bench.now - 2_000_000);
    bench.run(40);
    expect(bench.slots).toHaveLength(50);
    expect(bench.slots[30]?.slotAt).toBe(midnight);
  });

  it('is not counted anew by a new owner', () => {
    const bench = new Bench(new Map([['demo', terms]])).append(...rowsFrom(1, 50)).run(3);
    bench.crash();
    bench.run(30);
    expect(bench.slots).toHaveLength(30);
  });
});

describe('the in-flight cap', () => {
  it('keeps the rate at what the cap allows at the mean latency that the senders see, and a tenth more for a cap of ten', () => {
    const bench = new Bench(new Map([['demo', { callsPerSecond: 100, maxInFlight: 10 }]])).append(...rowsFrom(1, 1_000));
    bench.board.latencyMs = 500;
    bench.run(50);
    const span = ((bench.slots.at(-1)?.slotAt ?? 0) - (bench.slots[0]?.slotAt ?? 0)) / 1e6;
    expect((bench.slots.length - 1) / span).toBeCloseTo(20 * (1 + 0.3 / Math.sqrt(10)), 0);
  });

  it('grants nothing while calls under way and slots that are out fill it', () => {
    const bench = new Bench(new Map([['demo', { callsPerSecond: 100, maxInFlight: 10 }]])).append(...rowsFrom(1, 100));
    bench.board.latencyMs = 1_000;
    bench.board.calls = 19;
    expect(bench.run(10).slots).toHaveLength(0);
    bench.board.calls = 0;
    expect(bench.run(10).slots.length).toBeGreaterThan(5);
  });

  it.each([
    ['operator', 1, 1],
    ['adaptive', 1, 1],
    ['adaptive', 500, 10],
    ['operator', 20, 20],
  ])('set by the %s to %d is %d', (origin, value, inForce) => {
    const bench = new Bench(new Map([['demo', { callsPerSecond: 100, maxInFlight: 10 }]])).append(...rowsFrom(1, 1_000));
    bench.set(`account:demo/cap/${origin}`, value).run(1);
    expect(bench.pacing.report(bench.now)[0]?.maxInFlight).toBe(inForce);
  });
});

describe('a slots partition from which nobody sends', () => {
  it('gets no slot, keeps no other row back, and its rows come back in their place when it speaks', () => {
    const bench = new Bench().append(...rowsFrom(1, 200));
    bench.board.silent = new Set([1, 2]);
    bench.run(20);
    const before = bench.slots.length;
    expect(before).toBeGreaterThan(50);
    expect(before).toBeLessThan(200);
    bench.board.silent = new Set();
    bench.run(20);
    expect(bench.slots).toHaveLength(200);
    const back = bench.slots.slice(before).map(({ row }) => row);
    expect(back).toEqual(back.toSorted((a, b) => a - b));
  });

  it('stops everything when it is all of them, without moving a row', () => {
    const bench = new Bench().append(...rowsFrom(1, 200));
    bench.board.silent = new Set([0, 1, 2, 3]);
    bench.run(5);
    expect(bench.slots).toHaveLength(0);
    expect(bench.pacing.report(bench.now)[0]?.groups[0]).toMatchObject({ rows: 200, reason: { kind: 'no-sender' } });
    bench.board.silent = new Set();
    expect(bench.run(5).slots[0]?.slotAt).toBeLessThanOrEqual(bench.now + minLead);
  });
});
