import { describe, expect, it } from '@jest/globals';
import { errorPercent, gapErrorsMs, leastSquaresRate, quantile, shareErrorPercent } from './statistics.ts';

const every = (us: number, n: number): number[] => Array.from({ length: n }, (_, i) => 7_000_000_000 + i * us);

describe('the rate by least squares', () => {
  it('is the rate of evenly spaced events', () => {
    expect(leastSquaresRate(every(2_000, 1_000))).toBeCloseTo(500, 6);
  });

  it('is not moved by jitter that averages out', () => {
    const times = every(20_000, 2_000).map((at, i) => at + (i % 2 === 0 ? 4_000 : -4_000));
    expect(leastSquaresRate(times)).toBeCloseTo(50, 3);
  });

  it('shows a clumped rate as what it is in the long run', () => {
    const times = Array.from({ length: 3_000 }, (_, i) => Math.floor(i / 100) * 1_000_000);
    expect(leastSquaresRate(times)).toBeCloseTo(100, 0);
  });

  it('counts cost where events have one', () => {
    expect(leastSquaresRate(every(2_000_000, 100), new Array<number>(100).fill(2))).toBeCloseTo(1, 6);
  });

  it('needs three events', () => {
    expect(leastSquaresRate([1, 2])).toBeNull();
    expect(leastSquaresRate([5, 5, 5])).toBeNull();
  });
});

describe('quantiles', () => {
  it('are values that occurred, by nearest rank', () => {
    const values = Array.from({ length: 1_000 }, (_, i) => 999 - i);
    expect(quantile(values, 0.5)).toBe(499);
    expect(quantile(values, 0.99)).toBe(989);
    expect(quantile(values, 0.999)).toBe(998);
    expect(quantile([], 0.5)).toBeNull();
  });
});

describe('gap errors', () => {
  it('are zero for even gaps and the whole period for two at once', () => {
    expect(gapErrorsMs([0, 20_000, 40_000], 50)).toEqual([0, 0]);
    expect(gapErrorsMs([0, 0], 50)).toEqual([20]);
  });
});

describe('share errors', () => {
  const weights = new Map([
    ['a', 5],
    ['b', 3],
    ['c', 1],
  ]);

  it('are zero when each has its share', () => {
    const counts = new Map([
      ['a', 500],
      ['b', 300],
      ['c', 100],
    ]);
    expect(shareErrorPercent(counts, weights)).toBeCloseTo(0, 9);
  });

  it('are relative to the share due, so that the smallest batch shows', () => {
    const counts = new Map([
      ['a', 500],
      ['b', 310],
      ['c', 90],
    ]);
    expect(shareErrorPercent(counts, weights)).toBeCloseTo(10, 9);
  });

  it('count a batch that got nothing', () => {
    expect(shareErrorPercent(new Map([['a', 10]]), weights)).toBeCloseTo(100, 9);
    expect(shareErrorPercent(new Map(), weights)).toBeNull();
  });
});

describe('an error in percent', () => {
  it('has a sign', () => {
    expect(errorPercent(49, 50)).toBeCloseTo(-2, 9);
    expect(errorPercent(null, 50)).toBeNull();
  });
});
