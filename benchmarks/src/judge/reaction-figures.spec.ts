import { describe, expect, it } from '@jest/globals';
import { arrival, perfect } from './evidence.suite.ts';
import type { Arrival } from './evidence.ts';
import type { Figure } from './figure.ts';
import { stopFigures, throttleFigures } from './reaction-figures.ts';

const second = 1_000_000;
const every = (periodUs: number, from: number, to: number): Arrival[] =>
  Array.from({ length: Math.ceil((to - from) / periodUs) }, (_, i) => arrival(from + i * periodUs));
const byMetric = (figures: readonly Figure[]): Map<string, Figure> => new Map(figures.map((one) => [one.metric, one]));

describe('pause and lower rate', () => {
  const marks = { pausedAt: 4 * second, resumedAt: 7 * second, loweredAt: 10 * second, lowerRate: 5 };
  const run = (pauseTakes: number, lowerTakes: number): Map<string, Figure> => {
    const arrivals = [
      ...every(2_000, 0, marks.pausedAt + pauseTakes),
      ...every(2_000, marks.resumedAt + 500_000, marks.loweredAt + lowerTakes),
      ...every(200_000, marks.loweredAt + lowerTakes + 200_000, 14 * second),
    ];
    return byMetric(stopFigures(perfect(500, 14, { arrivals }), marks));
  };

  it('are timed from the wish to the last call that it should have stopped', () => {
    const got = run(400_000, 700_000);
    expect(got.get('pause to the last call')?.value).toBeCloseTo(0.398, 3);
    expect(got.get('lower rate to the last call above it')?.value).toBeCloseTo(0.698, 3);
    expect([...got.values()].every(({ pass }) => pass)).toBe(true);
  });

  it('are missed after a second', () => {
    expect([...run(1_100_000, 1_100_000).values()].map(({ pass }) => pass)).toEqual([false, false]);
  });

  it('are missed when nothing ever came', () => {
    expect(stopFigures(perfect(500, 14, { arrivals: [] }), marks).map(({ pass }) => pass)).toEqual([false, false]);
  });
});

describe('a far side that bears less than configured', () => {
  const terms = { places: 20, settleUs: 30 * second };
  const answered = (arrivals: readonly Arrival[], wastedEvery: number): Arrival[] =>
    arrivals.map((one, i) => (i % wastedEvery === 0 ? { ...one, status: 429 } : one));

  it('is followed when the accepted rate is near its cap and few calls are wasted', () => {
    const arrivals = answered(every(5_050, 0, 60 * second), 100);
    const got = byMetric(throttleFigures(perfect(500, 60, { arrivals }), terms));
    expect(got.get('true cap')?.value).toBeCloseTo(200, 0);
    expect([...got.values()].filter(({ pass }) => pass === false)).toEqual([]);
  });

  it('is not followed by calls that are mostly refused, nor by calls that are too few', () => {
    const storm = byMetric(throttleFigures(perfect(500, 60, { arrivals: answered(every(2_000, 0, 60 * second), 2) }), terms));
    expect(storm.get('calls wasted once settled')?.pass).toBe(false);
    const timid = byMetric(throttleFigures(perfect(500, 60, { arrivals: every(10_000, 0, 60 * second) }), terms));
    expect(timid.get('accepted rate against the true cap')?.pass).toBe(false);
  });

  it('may be stormed before the pace has settled', () => {
    const arrivals = [...answered(every(2_000, 0, 29 * second), 2), ...every(5_050, 30 * second, 60 * second)];
    const got = byMetric(throttleFigures(perfect(500, 60, { arrivals }), terms));
    expect(got.get('calls wasted once settled')?.value).toBe(0);
  });
});
