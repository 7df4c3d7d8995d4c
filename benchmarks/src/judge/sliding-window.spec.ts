import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drawnCounts, overLimit, second, worstWindow } from './sliding-window.ts';

const every = (us: number, n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i * us);
const ascending = fc.array(fc.nat(5_000_000), { maxLength: 60 }).map((times) => times.sort((a, b) => a - b));

describe('the worst sliding window', () => {
  it('holds nothing when nothing happened', () => {
    expect(worstWindow({ times: [] }, second)).toBe(0);
  });

  it('sees a burst that lies across the edge of two clock seconds', () => {
    const times = [...every(1_000, 50, 960_000), ...every(1_000, 50, 1_010_000)].sort((a, b) => a - b);
    expect(worstWindow({ times }, second)).toBe(100);
  });

  it('counts both of its ends', () => {
    expect(worstWindow({ times: [0, second] }, second)).toBe(2);
    expect(worstWindow({ times: [0, second + 1] }, second)).toBe(1);
  });

  it('weighs each event by its cost', () => {
    expect(worstWindow({ times: [0, 10, 2 * second], costs: [3, 1, 2] }, second)).toBe(4);
  });

  it('agrees with counting every window one by one', () => {
    fc.assert(
      fc.property(ascending, fc.integer({ min: 0, max: 2_000_000 }), (times, width) => {
        const slow = times.map((start) => times.filter((at) => at >= start && at <= start + width).length);
        expect(worstWindow({ times }, width)).toBe(Math.max(0, ...slow));
      }),
    );
  });
});

describe('over the limit', () => {
  it('is nothing for slots that keep their distance', () => {
    expect(overLimit({ times: every(20_001, 500) }, 50)).toBe(0);
  });

  it('is one for a single slot too many', () => {
    expect(overLimit({ times: [...every(20_001, 50), 999_000].sort((a, b) => a - b) }, 50)).toBe(1);
  });

  it('lets a limit of one bear one message of three segments at a time', () => {
    expect(overLimit({ times: [0, 3 * second, 6 * second], costs: [3, 3, 3] }, 1)).toBe(0);
    expect(overLimit({ times: [0, second], costs: [3, 3] }, 1)).toBe(3);
  });

  it('rounds a broken limit up', () => {
    expect(overLimit({ times: [0, 400_000, 800_000] }, 2.5)).toBe(0);
  });
});

describe('counts for a drawing', () => {
  it('leave out what lies beside the span', () => {
    expect(drawnCounts([-1, 0, 99, 100, 250, 300], { from: 0, to: 300, widthUs: 100 })).toEqual([2, 1, 1]);
  });
});
