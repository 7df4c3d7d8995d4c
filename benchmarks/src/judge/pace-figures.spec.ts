import { describe, expect, it } from '@jest/globals';
import { arrival, perfect, slot } from './evidence.suite.ts';
import type { Evidence } from './evidence.ts';
import type { Figure } from './figure.ts';
import { arrivalsAllowed, paceFigures } from './pace-figures.ts';

const figures = (evidence: Evidence, judged = true): Map<string, Figure> =>
  new Map(paceFigures(evidence, { lateToleranceMs: 20, judged }).map((one) => [one.metric, one]));
const missed = (evidence: Evidence): string[] =>
  [...figures(evidence).values()].filter(({ pass }) => pass === false).map(({ metric }) => metric);

describe('the figures of a paced account', () => {
  it.each([50, 500, 2_000])('miss no bar for a perfect sender at %i calls per second', (rate) => {
    expect(missed(perfect(rate, 20))).toEqual([]);
  });

  it('show one slot too many in a second at once', () => {
    const whole = perfect(50, 20);
    const slots = [...whole.slots, slot({ at: 10_000_000, attemptId: 'x#1' })].sort((a, b) => a.at - b.at);
    expect(missed({ ...whole, slots })).toEqual(['slots over the limit in any second']);
  });

  it('judge each clock era by itself', () => {
    const slots = [slot({ at: 0, era: 1 }), slot({ at: 10, era: 2 })];
    expect(figures(perfect(1, 5, { slots })).get('slots over the limit in any second')?.value).toBe(0);
  });

  it('judge the rate of slots only where there is a bar for it', () => {
    const slow = (rate: number): Evidence => perfect(rate, 20, { slots: perfect(rate * 0.9, 20).slots });
    expect(missed(slow(100))).toEqual(['rate error of slots']);
    expect(missed(slow(10))).toEqual([]);
  });

  it('bear as many arrivals in a second as tolerance and jitter move together, and two more', () => {
    expect(arrivalsAllowed(500, 20, 10)).toBeCloseTo(517, 9);
    const whole = perfect(50, 20);
    const extra = (n: number): Evidence => ({
      ...whole,
      arrivals: [...whole.arrivals, ...Array.from({ length: n }, () => arrival(10_000_000))].sort((a, b) => a.at - b.at),
    });
    expect(figures(extra(2)).get('worst second of arrivals')?.pass).toBe(true);
    expect(figures(extra(4)).get('worst second of arrivals')?.pass).toBe(false);
  });

  it('count as late what came back and what was claimed and not sent', () => {
    const one = figures(perfect(50, 20, { returnedLate: 20 })).get('slots returned late');
    expect(one?.value).toBeCloseTo(2, 1);
    expect(one?.pass).toBe(false);
  });

  it('show a call that nothing became of, whatever the pace', () => {
    const whole = perfect(50, 20);
    expect(figures(whole).get('calls without a decision')?.pass).toBe(true);
    const one = figures({ ...whole, decided: new Set([...whole.decided].slice(1)) }).get('calls without a decision');
    expect([one?.value, one?.pass]).toEqual([1, false]);
  });

  it('leave the warm-up out of rates and gaps, never out of windows', () => {
    const whole = perfect(50, 20, { warmupUs: 3_000_000 });
    const early = Array.from({ length: 100 }, (_, i) => arrival(i));
    const got = figures({ ...whole, arrivals: [...early, ...whole.arrivals] });
    expect(got.get('gap error at arrival p99')?.pass).toBe(true);
    expect(got.get('worst second of arrivals')?.pass).toBe(false);
  });

  it('miss every bar when nothing was sent', () => {
    const none = perfect(500, 5, { arrivals: [], slots: [], calledAt: new Map() });
    const bars = [...figures(none).values()].filter(({ bar }) => bar !== null);
    expect(bars.length).toBeGreaterThan(5);
    expect(bars.every(({ pass }) => pass === false)).toBe(true);
  });

  it('give a peer figures and no bars', () => {
    const peer = figures(perfect(500, 5, { slots: [], calledAt: new Map(), lost: null }), false);
    expect([...peer.values()].every(({ bar, pass }) => bar === null && pass === null)).toBe(true);
    expect([...peer.keys()].filter((metric) => metric.includes('slot'))).toEqual([]);
  });
});
