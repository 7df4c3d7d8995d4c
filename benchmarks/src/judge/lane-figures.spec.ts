import { describe, expect, it } from '@jest/globals';
import { arrival, perfect, slot } from './evidence.suite.ts';
import type { Evidence, Slot } from './evidence.ts';
import { laneFigures } from './lane-figures.ts';

const terms = { limit: 1, lanes: 2, lateToleranceMs: 20 };
const second = 1_000_001;

const evidence = (slots: readonly Slot[]): Evidence =>
  perfect(500, 30, { slots, arrivals: slots.map(({ at, attemptId }) => arrival(at + 2_000, { attemptId })) });

const missed = (slots: readonly Slot[]): string[] =>
  laneFigures(evidence(slots), terms)
    .filter(({ pass }) => pass === false)
    .map(({ metric }) => metric);

const laneOf = (lane: string, spacing: readonly number[], costs: readonly number[] = [1]): Slot[] => {
  let at = 0;
  return Array.from({ length: 12 }, (_, i) => {
    const cost = costs[i % costs.length] ?? 1;
    const made = slot({ at, lane, cost, attemptId: `${lane}${i}#1` });
    at += (spacing[i % spacing.length] ?? 0) * cost;
    return made;
  });
};

const together = (...lanes: readonly Slot[][]): Slot[] => lanes.flat().sort((a, b) => a.at - b.at);

describe('the figures of lanes', () => {
  it('bear two lanes that fall due together', () => {
    expect(missed(together(laneOf('a', [second]), laneOf('b', [second])))).toEqual([]);
  });

  it('weigh messages by their segments', () => {
    expect(missed(together(laneOf('a', [second], [1, 2, 3]), laneOf('b', [second], [3])))).toEqual([]);
  });

  it('show the one lane that is over its limit', () => {
    const over = laneFigures(evidence(together(laneOf('a', [second]), laneOf('b', [second / 2]))), terms);
    expect(over.find(({ metric }) => metric === 'lanes over their limit in any second')?.value).toBe(1);
    expect(over.find(({ metric }) => metric === 'rate error of lanes, worst')?.value).toBeCloseTo(100, 1);
  });

  it('miss their bars when no lane was served', () => {
    expect(missed([])).toEqual(['lanes over their limit in any second', 'rate error of lanes, mean']);
  });
});
