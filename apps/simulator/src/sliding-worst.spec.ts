import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SlidingWorst } from './sliding-worst.ts';

function worstOf(instants: readonly number[], window: number): number {
  const sliding = new SlidingWorst(window);
  for (const at of instants) sliding.add(at);
  return sliding.worst;
}

it('counts the most arrivals of any window, wherever it begins', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 1000 }), (steps, window) => {
      let at = 0;
      const instants = steps.map((step) => (at += step));
      const brute = instants.map((start) => instants.filter((other) => other >= start && other < start + window).length);
      expect(worstOf(instants, window)).toBe(Math.max(0, ...brute));
    }),
  );
});

it('two arrivals exactly one window apart are not together', () => {
  expect(worstOf([0, 1000], 1000)).toBe(1);
  expect(worstOf([0, 999], 1000)).toBe(2);
});

it('a burst across the border of two clock seconds is seen whole', () => {
  expect(worstOf([900, 950, 999, 1000, 1050, 1100], 1000)).toBe(6);
});

it('holds more arrivals in one window than it was made for', () => {
  expect(
    worstOf(
      Array.from({ length: 5000 }, (_, at) => at),
      10_000,
    ),
  ).toBe(5000);
});
