import fc from 'fast-check';
import { BacklogBench, rowsOf } from './backlog-bench.suite.ts';
import { admitted, noon, returned } from './pacing-bench.suite.ts';

describe('the backlog', () => {
  it('takes the rows of one batch in their order, whatever their lanes', () => {
    const bench = new BacklogBench().add(admitted(2, { lane: 'b' }), admitted(1, { lane: 'a' }), admitted(3, { lane: 'a' }));
    expect(bench.drain()).toEqual(['batch-a:1', 'batch-a:2', 'batch-a:3']);
  });

  it('puts a returned row ahead of newer rows of its batch', () => {
    const bench = new BacklogBench().add(admitted(5), admitted(6), returned(2, { attempt: 1, number: 7 }));
    expect(bench.drain()).toEqual(['batch-a:2', 'batch-a:5', 'batch-a:6']);
  });

  it('serves a higher priority first', () => {
    const bench = new BacklogBench().add(
      admitted(1, { batchId: 'low', priority: -1 }),
      admitted(1, { batchId: 'normal' }),
      admitted(1, { batchId: 'high', priority: 5 }),
    );
    expect(bench.drain()).toEqual(['high:1', 'normal:1', 'low:1']);
  });

  it('keeps the share of the lower priorities while higher rows wait', () => {
    const bench = new BacklogBench().add(...rowsOf(1, 2_000, { batchId: 'high', priority: 5 }), ...rowsOf(1, 2_000, { batchId: 'low' }));
    const low = bench.drain(noon, 1_000).filter((row) => row.startsWith('low')).length;
    expect(low).toBeGreaterThanOrEqual(49);
    expect(low).toBeLessThanOrEqual(51);
  });

  it('moves a batch to the priority that a control gives it, and back', () => {
    const bench = new BacklogBench().add(...rowsOf(1, 10, { batchId: 'a' }), ...rowsOf(1, 10, { batchId: 'b' }));
    bench.batch('b', { priority: 3 });
    expect(bench.drain(noon, 3)).toEqual(['b:1', 'b:2', 'b:3']);
    bench.batch('b', { priority: -3 });
    expect(bench.drain(noon, 3)).toEqual(['a:1', 'a:2', 'a:3']);
  });

  it('shares turns between batches, also with one that comes late', () => {
    const bench = new BacklogBench().add(...rowsOf(1, 100, { batchId: 'big' }));
    bench.drain(noon, 50);
    bench.add(...rowsOf(1, 2, { batchId: 'small' }));
    expect(bench.drain(noon, 5).filter((row) => row.startsWith('small'))).toHaveLength(2);
  });

  it('shares by weight among batches, within 1 %', () => {
    const bench = new BacklogBench().batch('a', { weight: 3 });
    bench.add(...rowsOf(1, 4_000, { batchId: 'a' }), ...rowsOf(1, 4_000, { batchId: 'b' }));
    const taken = bench.drain(noon, 1_000);
    expect(Math.abs(taken.filter((row) => row.startsWith('a:')).length / taken.length / 0.75 - 1)).toBeLessThan(0.01);
  });

  it('keeps a row until its time and tells when that is', () => {
    const bench = new BacklogBench().add(admitted(1, { notBefore: noon + 10 }));
    expect(bench.take()).toBeNull();
    expect(bench.backlog.dueAt()).toBe(noon + 10);
    expect(bench.take(noon + 10)?.request.row).toBe(1);
    expect(bench.backlog.dueAt()).toBeNull();
  });

  it('moves many rows that come due at once without losing their order', () => {
    const bench = new BacklogBench().add(...rowsOf(1, 500, { notBefore: noon + 10 }));
    expect(bench.drain(noon + 10)).toEqual(Array.from({ length: 500 }, (_, n) => `batch-a:${n + 1}`));
  });

  it('does not give a row out early after the clock stepped back', () => {
    const bench = new BacklogBench().add(admitted(1, { notBefore: noon }), admitted(2, { notBefore: noon }));
    bench.take(noon);
    expect(bench.take(noon - 5)).toBeNull();
    expect(bench.backlog.dueAt()).toBe(noon);
  });

  it('holds a batch without holding others, and gives it back its place', () => {
    const bench = new BacklogBench().batch('a', { held: true });
    bench.add(admitted(1, { batchId: 'a' }), admitted(1, { batchId: 'b' }));
    expect(bench.drain()).toEqual(['b:1']);
    expect(bench.backlog.dueAt()).toBeNull();
    expect(bench.backlog.size).toBe(1);
    expect(bench.batch('a', { held: false }).drain()).toEqual(['a:1']);
  });

  it('retires a batch whole, rows of the future included', () => {
    const bench = new BacklogBench().add(
      admitted(1, { batchId: 'a' }),
      admitted(2, { batchId: 'a', notBefore: noon + 99 }),
      admitted(1, { batchId: 'b' }),
    );
    const retired = bench.backlog.retire(({ terms }) => terms.batchId === 'a');
    expect(retired.reduce((rows, { size }) => rows + size, 0)).toBe(2);
    expect(bench.backlog.size).toBe(1);
    expect(bench.drain(noon + 1_000)).toEqual(['b:1']);
  });
});

describe('a lane that is not open', () => {
  it('never keeps rows of other lanes back, and costs nothing until it opens', () => {
    const bench = new BacklogBench().lane('shut', Number.POSITIVE_INFINITY);
    bench.add(...rowsOf(1, 3, { lane: 'shut' }), ...rowsOf(4, 6, { lane: 'free' }), ...rowsOf(1, 2, { batchId: 'b', lane: 'free' }));
    expect(bench.drain().toSorted()).toEqual(['b:1', 'b:2', 'batch-a:4', 'batch-a:5', 'batch-a:6']);
    expect(bench.backlog.dueAt()).toBeNull();
    bench.lane('shut', noon + 50);
    expect(bench.backlog.dueAt()).toBe(noon + 50);
    expect(bench.drain(noon + 50)).toEqual(['batch-a:1', 'batch-a:2', 'batch-a:3']);
  });

  it('is shared by weight when it opens for one row at a time', () => {
    const bench = new BacklogBench().batch('a', { weight: 3 });
    bench.add(...rowsOf(1, 500, { batchId: 'a', lane: 'l' }), ...rowsOf(1, 500, { batchId: 'b', lane: 'l' }));
    bench.add(...rowsOf(1, 5_000, { batchId: 'c', lane: 'free' }));
    const taken: string[] = [];
    for (let n = 0; n < 400; n += 1) {
      bench.lane('l', noon + n);
      const item = bench.take(noon + n);
      if (item?.request.lane === 'l') {
        taken.push(item.request.batchId);
        bench.lane('l', noon + n + 5);
      }
    }
    const share = taken.filter((batchId) => batchId === 'a').length / taken.length;
    expect(taken.length).toBeGreaterThan(100);
    expect(share).toBeCloseTo(0.75, 1);
  });

  it('gives the lower priority its share of the lane, and no more', () => {
    const bench = new BacklogBench();
    bench.add(...rowsOf(1, 500, { batchId: 'high', priority: 9, lane: 'l' }), ...rowsOf(1, 500, { batchId: 'low', lane: 'l' }));
    bench.add(...rowsOf(1, 9_000, { batchId: 'other', priority: 9, lane: 'free' }));
    const onLane: string[] = [];
    for (let at = noon, open = noon; onLane.length < 200; at += 1) {
      bench.lane('l', open);
      const item = bench.take(at);
      if (item?.request.lane !== 'l') continue;
      onLane.push(item.request.batchId);
      open = at + 10;
    }
    const low = onLane.filter((batchId) => batchId === 'low').length;
    expect(low).toBeGreaterThanOrEqual(8);
    expect(low).toBeLessThanOrEqual(12);
  });
});

describe('every row', () => {
  const row = fc.record({
    batch: fc.integer({ min: 0, max: 4 }),
    lane: fc.integer({ min: 0, max: 3 }),
    priority: fc.integer({ min: 0, max: 2 }),
    wait: fc.integer({ min: 0, max: 50 }),
  });
  const move = fc.record({
    at: fc.integer({ min: 0, max: 50 }),
    lane: fc.integer({ min: 0, max: 3 }),
    opens: fc.integer({ min: 0, max: 60 }),
    batch: fc.integer({ min: 0, max: 4 }),
    terms: fc.record({ held: fc.boolean(), weight: fc.constantFrom(0.1, 1, 7), priority: fc.constantFrom(null, -1, 3) }),
  });

  it('is given out once, whatever the order, the lanes, the controls and the memory', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 200 }),
        fc.array(move, { maxLength: 20 }),
        fc.integer({ min: 1, max: 30 }),
        (rows, moves, kept) => {
          const bench = new BacklogBench(kept);
          rows.forEach(({ batch, lane, priority, wait }, index) => {
            bench.add(admitted(index, { batchId: `b${batch}`, lane: `l${lane}`, priority, notBefore: wait === 0 ? null : noon + wait }));
          });
          const taken: string[] = [];
          for (let at = 0; at <= 60; at += 1) {
            for (const one of moves) {
              if (one.at === at) bench.lane(`l${one.lane}`, noon + one.opens).batch(`b${one.batch}`, one.terms);
            }
            taken.push(...bench.drain(noon + at, 8));
          }
          for (let batch = 0; batch < 5; batch += 1) bench.batch(`b${batch}`, { held: false });
          taken.push(...bench.drain(noon + 100));
          expect(new Set(taken).size).toBe(taken.length);
          expect(taken).toHaveLength(rows.length);
          expect(bench.backlog.size).toBe(0);
          expect(bench.store.size).toBe(0);
          expect([...bench.backlog.strands]).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
