import fc from 'fast-check';
import { AdaptivePace } from './adaptive-pace.ts';

const bounds = { ceilingPerSecond: 50, floorPerSecond: 5, maxInFlight: 40 };
const senses = { inFlight: 8, latencyP90Ms: 400, latencyMeanMs: 400 };
const loopMs = 1_500;

/** Counts of one second each, then a decision; returns what was decided. */
function fed(pace: AdaptivePace, seconds: readonly (readonly [accepted: number, throttled: number])[], fromMs = 0) {
  return seconds.flatMap(([accepted, throttled], at) => {
    const nowMs = fromMs + at * 1_000;
    pace.heed({ accepted, throttled }, nowMs);
    const adapted = pace.decide(senses, nowMs);
    return adapted === null ? [] : [{ ...adapted, atMs: nowMs }];
  });
}

const throttling: readonly (readonly [number, number])[] = [
  [20, 30],
  [20, 30],
  [20, 30],
  [20, 30],
];

test('throttling lowers the rate to what was really accepted, and says so', () => {
  const [lowered] = fed(new AdaptivePace(bounds, loopMs), throttling);
  expect(lowered?.rate).toBeCloseTo(19.7, 0);
  expect(lowered?.cap).toBe(8);
  expect(lowered?.reason).toBe('60 % of the calls were throttled (429): lowered to 19.7 of 50 calls a second, 8 of 40 in flight');
});

test('one decision per loop: counts of the old pace say nothing about the new one', () => {
  const changes = fed(new AdaptivePace(bounds, 5_000), [...throttling, ...throttling]);
  expect(changes).toHaveLength(1);
});

test('a stray throttled answer among many is luck', () => {
  const pace = new AdaptivePace(bounds, loopMs);
  expect(fed(pace, [...Array<[number, number]>(8).fill([50, 0]), [49, 1], [50, 0], [50, 0]])).toEqual([]);
});

test('nothing but refusals lowers it to a quarter at a time, and to the floor in the end', () => {
  const pace = new AdaptivePace(bounds, loopMs);
  const changes = fed(pace, Array<[number, number]>(40).fill([0, 50]));
  expect(changes[0]?.rate).toBe(12.5);
  expect(changes.at(-1)?.rate).toBe(5);
});

test('seconds in which almost nobody called say little of what was offered: one cut leaves a tenth at least', () => {
  const pace = new AdaptivePace({ ...bounds, floorPerSecond: 1 }, loopMs);
  const [lowered] = fed(pace, Array<[number, number]>(8).fill([0, 3]));
  expect(lowered?.rate).toBe(5);
});

test('the step that was throttled is taken back to what held, then tried seldom', () => {
  const pace = new AdaptivePace(bounds, loopMs);
  const [lowered] = fed(pace, throttling);
  const quiet = fed(pace, Array<[number, number]>(12).fill([20, 0]), 4_000);
  const raised = quiet.at(-1);
  expect(raised?.rate).toBeGreaterThan(lowered?.rate ?? 0);
  const from = (raised?.atMs ?? 0) + 2_500;
  const [back] = fed(pace, Array<[number, number]>(4).fill([18, 2]), from);
  expect(back?.rate).toBe(quiet.at(-2)?.rate ?? lowered?.rate);
  expect(fed(pace, Array<[number, number]>(25).fill([20, 0]), from + 4_000)).toEqual([]);
});

test('without a call for five minutes what was learnt is forgotten', () => {
  const pace = new AdaptivePace(bounds, loopMs);
  fed(pace, throttling);
  expect(pace.decide(senses, 200_000)).toBeNull();
  expect(pace.decide(senses, 303_001)).toMatchObject({ rate: null, cap: null });
  expect(pace.isLowered).toBe(false);
});

test('what an earlier owner set goes on, within the bounds of now', () => {
  const pace = new AdaptivePace(bounds, loopMs);
  pace.adopt({ rate: 20, cap: null }, 0);
  const changes = fed(pace, Array<[number, number]>(8).fill([20, 0]));
  expect(changes[0]).toMatchObject({ cap: null });
  expect(changes[0]?.rate).toBeCloseTo(20.6, 0);
  pace.bound({ ...bounds, ceilingPerSecond: 10 });
  expect(pace.isLowered).toBe(false);
});

test('whatever is counted: never below the floor, never above the ceiling, never twice within one loop', () => {
  const second = fc.record({
    accepted: fc.nat(60),
    throttled: fc.nat(60),
    inFlight: fc.nat(60),
    latencyP90Ms: fc.option(fc.nat(3_000)),
    latencyMeanMs: fc.option(fc.nat(3_000)),
    ms: fc.integer({ min: 50, max: 3_000 }),
  });
  fc.assert(
    fc.property(fc.array(second, { maxLength: 120 }), (seconds) => {
      const pace = new AdaptivePace(bounds, loopMs);
      let nowMs = 0;
      let changedMs = -loopMs;
      for (const { accepted, throttled, ms, ...sensed } of seconds) {
        nowMs += ms;
        pace.heed({ accepted, throttled }, nowMs);
        const adapted = pace.decide(sensed, nowMs);
        if (adapted === null) continue;
        expect(nowMs - changedMs).toBeGreaterThanOrEqual(loopMs);
        changedMs = nowMs;
        expect(adapted.rate ?? 50).toBeGreaterThanOrEqual(5);
        expect(adapted.rate ?? 50).toBeLessThanOrEqual(50);
        expect(adapted.cap ?? 40).toBeGreaterThanOrEqual(1);
        expect(adapted.cap ?? 40).toBeLessThanOrEqual(40);
      }
    }),
  );
});
