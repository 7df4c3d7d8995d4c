import fc from 'fast-check';
import { blockOf, RowNumbering, RowSet } from './row-set.ts';

const someRows = fc.uniqueArray(fc.integer({ min: 1, max: 20_000 }), { maxLength: 300 });
const ascending = (rows: readonly number[]): number[] => rows.toSorted((a, b) => a - b);

test('a set of rows is a set of rows', () => {
  fc.assert(
    fc.property(someRows, someRows, (added, deleted) => {
      const set = RowSet.of(added);
      for (const row of deleted) set.delete(row);
      const left = ascending(added.filter((row) => !deleted.includes(row)));
      expect([...set.rows()]).toEqual(left);
      expect(set.size).toBe(left.length);
      expect(set.ranges().flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at))).toEqual(left);
    }),
    { numRuns: 50 },
  );
});

test('its blocks as text are the set again, and a block without rows is none', () => {
  fc.assert(
    fc.property(someRows, (rows) => {
      const set = RowSet.of(rows);
      const blocks = set.blocks().map((block) => ({ block, hex: set.encode(block) ?? '' }));
      expect([...RowSet.ofBlocks(blocks).rows()]).toEqual(ascending(rows));
    }),
    { numRuns: 50 },
  );
  const one = RowSet.of([5000]);
  one.delete(5000);
  expect(one.encode(blockOf(5000))).toBeNull();
});

test('the n-th row of the original is row n of the resend, both ways', () => {
  fc.assert(
    fc.property(someRows, (rows) => {
      const numbering = new RowNumbering(RowSet.of(rows));
      expect(ascending(rows).map((row) => numbering.numberOf(row))).toEqual(rows.map((_, at) => at + 1));
      expect(rows.map((_, at) => numbering.originalOf(at + 1))).toEqual(ascending(rows));
      expect(numbering.originalOf(rows.length + 1)).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});
