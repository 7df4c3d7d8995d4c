import fc from 'fast-check';
import { admitted, Bench, noon, rowsFrom, worstSecond, type BenchSlot } from './pacing-bench.suite.ts';

const lanes = ['messages:a', 'messages:b', 'messages:c', 'calls:a', 'calls:b', 'lookup'];
const laneRates = new Map([
  ['messages:a', 1],
  ['messages:b', 20],
]);
const apiLimits = { calls: 3, messages: 40 };
const quietHours = { from: '00:00', to: '00:01', apis: ['messages'], unknownZone: 'send' } as const;

const zones = ['UTC', null, 'Asia/Tokyo', 'America/Chicago'];

const row = fc.record({
  batch: fc.integer({ min: 0, max: 3 }),
  lane: fc.integer({ min: 0, max: lanes.length - 1 }),
  cost: fc.integer({ min: 1, max: 4 }),
  priority: fc.integer({ min: 0, max: 2 }),
  wait: fc.integer({ min: 0, max: 5_000_000 }),
});
type Row = typeof row extends fc.Arbitrary<infer R> ? R : never;

const fault = fc.record({
  slices: fc.integer({ min: 0, max: 8 }),
  loseCommit: fc.boolean(),
  readAtMost: fc.integer({ min: 0, max: 80 }),
  outage: fc.integer({ min: 0, max: 2_000_000 }),
  rate: fc.option(fc.integer({ min: 1, max: 200 })),
  step: fc.option(fc.integer({ min: -20_000_000, max: 20_000_000 })),
  crash: fc.boolean(),
  silent: fc.subarray([0, 1, 2, 3]),
  control: fc.constantFrom(
    ['batch:b0/paused/operator', true],
    ['batch:b0/paused/operator', null],
    ['batch:b1/priority/operator', 2],
    ['batch:b2/weight/operator', 9],
    ['lane:messages:b/parked/breaker', 'parked'],
    ['lane:messages:b/parked/breaker', 'probing'],
    ['lane:messages:b/parked/breaker', null],
    ['account:demo/breaker/breaker', 'half-open'],
    ['account:demo/breaker/breaker', null],
  ),
});
type Fault = typeof fault extends fc.Arbitrary<infer F> ? F : never;

const lifted = ['batch:b0/paused/operator', 'lane:messages:b/parked/breaker', 'account:demo/breaker/breaker', 'account:demo/rate/operator'];

function benchOf(rows: readonly Row[], residentRows = 100_000): Bench {
  const bench = new Bench(new Map([['demo', { callsPerSecond: 100, laneRates, apiLimits, quietHours }]]), { residentRows, carrySpan: 40 });
  rows.forEach(({ batch, lane, cost, priority, wait }, index) => {
    const name = lanes[lane] ?? '';
    const api = (name.split(':')[0] ?? '') as 'messages' | 'calls' | 'lookup';
    const notBefore = wait > 2_500_000 ? noon + wait : null;
    bench.append(admitted(index, { batchId: `b${batch}`, lane: name, api, cost, priority, notBefore, timeZone: zones[batch] ?? null }));
  });
  return bench;
}

function suffer(bench: Bench, { slices, loseCommit, readAtMost, outage, rate, step, crash, silent, control }: Fault): void {
  if (rate !== null) bench.set('account:demo/rate/operator', rate);
  bench.set(control[0], control[1]);
  bench.board.silent = new Set(silent);
  for (let n = 0; n < slices; n += 1) {
    bench.tick({ readAtMost });
    bench.pass(100_000);
  }
  if (step !== null) bench.now += step;
  if (loseCommit) bench.tick({ commit: false });
  if (loseCommit || crash) bench.crash();
  bench.pass(outage);
}

/** Everything is lifted, and time goes on until nothing is left. */
function heal(bench: Bench): void {
  for (const key of lifted) bench.set(key, null);
  bench.board.silent = new Set();
  for (let n = 0; n < 3_000 && (bench.committed < bench.log.length || n < 5); n += 1) {
    bench.tick();
    bench.pass(100_000);
  }
}

function isWithin(slots: readonly BenchSlot[], limit: number, costOf: (slot: BenchSlot) => number): boolean {
  return [...new Set(slots.map(({ era }) => era))].every((era) => {
    const inEra = slots.filter((slot) => slot.era === era).map((slot) => ({ slotAt: slot.slotAt, cost: costOf(slot) }));
    const largest = Math.max(1, ...inEra.map(({ cost }) => cost));
    return worstSecond(inEra) <= Math.ceil(limit) + largest - 1;
  });
}

const rowsIn = (slots: readonly BenchSlot[]): number[] => slots.map(({ row: number }) => number).toSorted((a, b) => a - b);

describe('I4: no limit is exceeded in any sliding second of an era', () => {
  it('whatever the rows, lanes, rates, controls, silences, clock steps and takeovers; and every row gets one slot in the end', () => {
    const scene = [fc.array(row, { maxLength: 120 }), fc.array(fault, { maxLength: 8 }), fc.constantFrom(1, 30, 100_000)] as const;
    fc.assert(
      fc.property(...scene, (rows, faults, resident) => {
        const bench = benchOf(rows, resident);
        for (const one of faults) suffer(bench, one);
        heal(bench);
        const { slots } = bench;
        const highest = Math.max(100, ...faults.map(({ rate }) => rate ?? 0));
        expect(rowsIn(slots)).toEqual(rows.map((_, index) => index));
        expect(new Set(slots.map(({ number }) => number)).size).toBe(slots.length);
        expect(isWithin(slots, highest, () => 1)).toBe(true);
        for (const [lane, rate] of laneRates) {
          const own = slots.filter((slot) => slot.lane === lane);
          expect(isWithin(own, rate, ({ cost }) => cost)).toBe(true);
        }
        for (const [limited, rate] of Object.entries(apiLimits)) {
          const own = slots.filter(({ api }) => api === limited);
          expect(isWithin(own, rate, () => 1)).toBe(true);
        }
        expect(bench.closed).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a takeover', () => {
  it('at any grant leaves the same rows granted as without one', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 80 }), fc.integer({ min: 0, max: 30 }), fc.boolean(), (rows, at, lose) => {
        const undisturbed = benchOf(rows);
        heal(undisturbed);
        const taken = benchOf(rows, 3).run(at);
        if (lose) taken.tick({ commit: false });
        taken.crash();
        heal(taken);
        expect(rowsIn(taken.slots)).toEqual(rowsIn(undisturbed.slots));
      }),
      { numRuns: 60 },
    );
  });
});

describe('nobody starves', () => {
  it('every batch and lane with an open limit is granted within a bound, whatever the weights and priorities', () => {
    const batch = fc.record({
      weight: fc.constantFrom(0.1, 1, 20),
      priority: fc.integer({ min: 0, max: 1 }),
      lane: fc.constantFrom('messages:b', 'messages:c'),
    });
    fc.assert(
      fc.property(fc.array(batch, { minLength: 2, maxLength: 4 }), (batches) => {
        const bench = new Bench(new Map([['demo', { callsPerSecond: 100, laneRates: new Map([['messages:b', 20]]) }]]));
        batches.forEach(({ weight, priority, lane }, n) => {
          bench.set(`batch:b${n}/weight/operator`, weight);
          bench.append(...rowsFrom(1, 6_000, { batchId: `b${n}`, priority, lane }));
        });
        bench.run(500);
        const served = new Map<string, number>();
        for (const { batchId } of bench.slots) served.set(batchId, (served.get(batchId) ?? 0) + 1);
        batches.forEach((_, n) => expect(served.get(`b${n}`) ?? 0).toBeGreaterThan(0));
      }),
      { numRuns: 25 },
    );
  });

  it('a lower priority gets its share, the rest goes to the higher one', () => {
    const bench = new Bench()
      .append(...rowsFrom(1, 4_000, { batchId: 'high', priority: 1 }), ...rowsFrom(1, 4_000, { batchId: 'low' }))
      .run(200);
    const low = bench.slots.filter(({ batchId }) => batchId === 'low').length;
    expect(low / bench.slots.length).toBeGreaterThan(0.049);
    expect(low / bench.slots.length).toBeLessThan(0.051);
  });
});

describe('weights', () => {
  it('hold within 1 % after ten seconds, also over lanes that are scarce', () => {
    const share = fc.record({ a: fc.integer({ min: 1, max: 9 }), b: fc.integer({ min: 1, max: 9 }), rate: fc.constantFrom(100, 400) });
    fc.assert(
      fc.property(share, ({ a, b, rate }) => {
        const bench = new Bench(new Map([['demo', { callsPerSecond: rate, laneRates: new Map([['messages:scarce', 5]]) }]]));
        bench.set('batch:a/weight/operator', a).set('batch:b/weight/operator', b);
        for (const batchId of ['a', 'b']) {
          bench.append(
            ...rowsFrom(1, rate * 12, { batchId, lane: 'messages:free' }),
            ...rowsFrom(10_000, 10_200, { batchId, lane: 'messages:scarce' }),
          );
        }
        bench.run(100);
        const ofA = bench.slots.filter(({ batchId }) => batchId === 'a').length;
        expect(Math.abs(ofA / bench.slots.length - a / (a + b))).toBeLessThan(0.01);
      }),
      { numRuns: 20 },
    );
  });
});

describe('I12: what stands still delays nobody', () => {
  it('a paused or parked lane, a paused batch or account leaves every other slot where it is', () => {
    const stop = fc.constantFrom('batch:stuck/paused/operator', 'lane:messages:b/paused/operator', 'lane:messages:b/parked/breaker');
    fc.assert(
      fc.property(stop, fc.integer({ min: -3, max: 9 }), fc.integer({ min: 1, max: 60 }), (key, priority, rate) => {
        const free = rowsFrom(1, 300, { batchId: 'free', lane: 'messages:c' });
        const stuck = rowsFrom(1, 500, { batchId: 'stuck', lane: 'messages:b', priority });
        const alone = new Bench(new Map([['demo', rate]])).append(...free).run(70);
        const bench = new Bench(new Map([['demo', rate]]))
          .set(key, true)
          .append(...stuck, ...free)
          .run(70);
        expect(bench.slots.map(({ slotAt }) => slotAt)).toEqual(alone.slots.map(({ slotAt }) => slotAt));
      }),
      { numRuns: 20 },
    );
  });

  it('and costs nothing: no slice is due for it', () => {
    const bench = new Bench()
      .append(...rowsFrom(1, 500, { batchId: 'a' }))
      .set('batch:a/paused/operator', true)
      .run(3);
    expect(bench.slots).toEqual([]);
    expect(bench.pacing.account('demo').backlog.dueAt()).toBeNull();
  });
});
