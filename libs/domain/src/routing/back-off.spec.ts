import fc from 'fast-check';
import { nextTry } from './back-off.ts';
import { now } from './builders.suite.ts';

const anInput = fc.record({
  throttles: fc.nat(60),
  waitedMs: fc.nat(3_600_000),
  floorMs: fc.nat(600_000),
  maxTotalWaitMs: fc.nat(3_600_000),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

const inputOf = (drawn: { throttles: number; waitedMs: number; floorMs: number; maxTotalWaitMs: number; random: number }) => ({
  ...drawn,
  now,
  backoff: { throttles: drawn.throttles, since: drawn.throttles === 0 ? null : now - drawn.waitedMs * 1000 },
});

test('a try is never before what the answer asked for, nor beyond 100 ms x 2^n or 30 s more than that', () => {
  fc.assert(
    fc.property(anInput, (drawn) => {
      const next = nextTry(inputOf(drawn));
      if (next === null) return;
      const waitMs = (next.notBefore - now) / 1000;
      expect(waitMs).toBeGreaterThanOrEqual(drawn.floorMs);
      expect(waitMs).toBeLessThanOrEqual(Math.max(drawn.floorMs, Math.min(30_000, 100 * 2 ** next.backoff.throttles)));
    }),
  );
});

test('no try is scheduled after the budget of being throttled', () => {
  fc.assert(
    fc.property(anInput, (drawn) => {
      const input = inputOf(drawn);
      const next = nextTry(input);
      const endOfBudget = (input.backoff.since ?? now) + drawn.maxTotalWaitMs * 1000;
      if (next !== null) expect(next.notBefore).toBeLessThanOrEqual(endOfBudget);
      else expect(now + drawn.floorMs * 1000 >= endOfBudget || now >= endOfBudget).toBe(true);
    }),
  );
});

test('each failure counts once, and the first one is remembered', () => {
  const first = nextTry(inputOf({ throttles: 0, waitedMs: 0, floorMs: 0, maxTotalWaitMs: 60_000, random: 0.5 }));
  expect(first).toEqual({ backoff: { throttles: 1, since: now }, notBefore: now + 100_000 });
  const later = now + 100_000;
  const second = nextTry({
    backoff: first?.backoff ?? { throttles: 0, since: null },
    floorMs: 0,
    maxTotalWaitMs: 60_000,
    now: later,
    random: 0,
  });
  expect(second).toEqual({ backoff: { throttles: 2, since: now }, notBefore: later });
});

test('full jitter spreads over the whole step', () => {
  const waits = [0, 0.25, 0.5, 0.999].map(
    (random) => nextTry(inputOf({ throttles: 3, waitedMs: 0, floorMs: 0, maxTotalWaitMs: 60_000, random }))?.notBefore ?? 0,
  );
  expect(waits.map((at) => (at - now) / 1000)).toEqual([0, 400, 800, 1598.4]);
});
