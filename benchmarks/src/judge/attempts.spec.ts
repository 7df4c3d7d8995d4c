import { describe, expect, it } from '@jest/globals';
import { judged } from './attempts.ts';
import { atMost, figure, nothing, worstOf, type Figure } from './figure.ts';

const gap = (value: number): Figure => figure({ metric: 'gap', value, unit: 'ms' }, atMost(5, { quietOnly: true }));
const over = (value: number): Figure => figure({ metric: 'over', value, unit: 'slots' }, nothing);
const late = (value: number): Figure => figure({ metric: 'late', value, unit: '%' }, atMost(1));

describe('attempts of one case', () => {
  it('are all published and the least disturbed is judged', () => {
    const [first, second] = judged([
      { otherCpu: 80, figures: [gap(9), late(3)] },
      { otherCpu: 10, figures: [gap(4), late(0.5)] },
    ]);
    expect(first?.figures.map(({ value, pass }) => [value, pass])).toEqual([
      [9, null],
      [3, null],
    ]);
    expect(second?.figures.map(({ pass }) => pass)).toEqual([true, true]);
  });

  it('miss a bar that asks for a quiet machine when there was none', () => {
    const [only] = judged([{ otherCpu: 36, figures: [gap(1), late(0)] }]);
    expect(only?.figures.map(({ pass }) => pass)).toEqual([false, true]);
  });

  it('must all hold what holds at any time', () => {
    const [, second] = judged([
      { otherCpu: 80, figures: [over(2)] },
      { otherCpu: 10, figures: [over(0)] },
    ]);
    expect(second?.figures[0]).toMatchObject({ value: 2, pass: false });
  });
});

describe('figures of several accounts', () => {
  it('join to the worst of them', () => {
    const error = (value: number): Figure => figure({ metric: 'error', value, unit: '%', joining: 'furthest' });
    const n = (value: number | null): Figure => figure({ metric: 'n', value, unit: 'calls', joining: 'sum' });
    const joined = worstOf([
      [error(0.1), n(5), late(0.2)],
      [error(-0.4), n(7), late(2)],
    ]);
    expect(joined.map(({ value, pass }) => [value, pass])).toEqual([
      [-0.4, null],
      [12, null],
      [2, false],
    ]);
  });

  it('are not measured when one of them is not', () => {
    const [joined] = worstOf([[late(0)], [figure({ metric: 'late', value: null, unit: '%' }, atMost(1))]]);
    expect(joined).toMatchObject({ value: null, pass: false });
  });
});
