import fc from 'fast-check';
import { rangesOf, rowsClosedOf, type Closure } from './closures.ts';
import { admitted, noon } from './pacing-bench.suite.ts';
import { waitingOf } from './waiting.ts';

const closed = (row: number, batchId = 'a', reason: Closure['reason'] = 'cancelled'): Closure => ({
  item: waitingOf(admitted(row, { batchId }), { offset: row, traceparent: null }),
  outcome: reason === 'expired' ? 'expired' : 'cancelled',
  reason,
});

describe('closed rows', () => {
  it('become ranges that list each row once', () => {
    expect(rangesOf([5, 1, 2, 3, 9, 10])).toEqual([
      { from: 1, to: 3 },
      { from: 5, to: 5 },
      { from: 9, to: 10 },
    ]);
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 300 })), (rows) => {
        const listed = rangesOf(rows).flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, n) => from + n));
        expect(listed).toEqual(rows.toSorted((a, b) => a - b));
      }),
    );
  });

  it('are told per batch and reason', () => {
    const events = rowsClosedOf([closed(1), closed(2), closed(3, 'b'), closed(4, 'a', 'expired')], noon);
    expect(events.map(({ data }) => [data.batchId, data.outcome, data.ranges])).toEqual([
      ['a', 'cancelled', [{ from: 1, to: 2 }]],
      ['b', 'cancelled', [{ from: 3, to: 3 }]],
      ['a', 'expired', [{ from: 4, to: 4 }]],
    ]);
    expect(new Set(events.map(({ data }) => data.meta.eventId)).size).toBe(3);
  });

  it('never make an event larger than a broker takes', () => {
    const events = rowsClosedOf(
      Array.from({ length: 5000 }, (_, n) => closed(n * 2 + 1)),
      noon,
    );
    expect(Math.max(...events.map(({ data }) => data.ranges.length))).toBeLessThanOrEqual(2000);
    expect(events.flatMap(({ data }) => data.ranges)).toHaveLength(5000);
  });
});
