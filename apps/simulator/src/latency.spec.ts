import { expect, it } from '@jest/globals';
import { latencyOf } from './latency.ts';

/** A small generator with a fixed seed: the same draws at every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

it('the log-normal answers have the given median and 99th percentile', () => {
  const uniform = seeded(7);
  const times = Array.from({ length: 20_000 }, () => latencyOf({ medianMs: 98, p99Ms: 120 }, uniform)).sort((a, b) => a - b);
  expect(times[10_000]).toBeGreaterThan(96);
  expect(times[10_000]).toBeLessThan(100);
  expect(times[19_800]).toBeGreaterThan(116);
  expect(times[19_800]).toBeLessThan(124);
});

it('equal median and percentile make a fixed time, and zero is zero', () => {
  expect(latencyOf({ medianMs: 50, p99Ms: 50 }, () => 0.3)).toBe(50);
  expect(latencyOf({ medianMs: 0, p99Ms: 100 }, () => 0.3)).toBe(0);
});
