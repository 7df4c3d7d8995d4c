import fc from 'fast-check';
import { MemoryBacklog } from './backlog.ts';
import { admitted, noon, returned } from './pacing-bench.suite.ts';
import { waitingOf, type RequestEvent, type Waiting } from './waiting.ts';

const waiting = (event: RequestEvent, offset: number): Waiting => waitingOf(event, { offset, traceparent: null });

function drain(backlog: MemoryBacklog, at = noon, most = 10_000): Waiting[] {
  const taken: Waiting[] = [];
  for (let item = backlog.take(at); item !== null; item = taken.length < most ? backlog.take(at) : null) taken.push(item);
  return taken;
}

const rows = (items: readonly Waiting[]): string[] => items.map(({ request }) => `${request.batchId}:${request.row}`);

describe('the backlog', () => {
  it('takes the rows of one batch in their order', () => {
    const backlog = new MemoryBacklog();
    [1, 2, 3].forEach((row, offset) => backlog.add(waiting(admitted(row), offset)));
    expect(rows(drain(backlog))).toEqual(['batch-a:1', 'batch-a:2', 'batch-a:3']);
  });

  it('puts a returned row ahead of newer rows of its batch', () => {
    const backlog = new MemoryBacklog();
    [5, 6].forEach((row, offset) => backlog.add(waiting(admitted(row), offset)));
    backlog.add(waiting(returned(2, { attempt: 1, number: 7 }), 2));
    expect(rows(drain(backlog))).toEqual(['batch-a:2', 'batch-a:5', 'batch-a:6']);
  });

  it('serves a higher priority first', () => {
    const backlog = new MemoryBacklog();
    backlog.add(waiting(admitted(1, { batchId: 'low', priority: -1 }), 0));
    backlog.add(waiting(admitted(1, { batchId: 'normal' }), 1));
    backlog.add(waiting(admitted(1, { batchId: 'high', priority: 5 }), 2));
    expect(rows(drain(backlog))).toEqual(['high:1', 'normal:1', 'low:1']);
  });

  it('shares turns between batches, also with one that comes late', () => {
    const backlog = new MemoryBacklog();
    for (let row = 1; row <= 100; row += 1) backlog.add(waiting(admitted(row, { batchId: 'big' }), row));
    drain(backlog, noon, 50);
    for (let row = 1; row <= 2; row += 1) backlog.add(waiting(admitted(row, { batchId: 'small' }), 200 + row));
    expect(rows(drain(backlog, noon, 5)).filter((row) => row.startsWith('small'))).toHaveLength(2);
  });

  it('shares 3:1 between weights 3 and 1', () => {
    const backlog = new MemoryBacklog();
    backlog.weigh('a', 3);
    for (let row = 1; row <= 4000; row += 1) {
      backlog.add(waiting(admitted(row, { batchId: 'a' }), row * 2));
      backlog.add(waiting(admitted(row, { batchId: 'b' }), row * 2 + 1));
    }
    const first = rows(drain(backlog, noon, 1000));
    expect(first.filter((row) => row.startsWith('a:')).length / first.length).toBeCloseTo(0.75, 2);
  });

  it('keeps a row until its time and tells when that is', () => {
    const backlog = new MemoryBacklog();
    backlog.add(waiting(admitted(1, { notBefore: noon + 10 }), 0));
    expect(backlog.take(noon)).toBeNull();
    expect(backlog.dueAt()).toBe(noon + 10);
    expect(backlog.take(noon + 10)?.request.row).toBe(1);
    expect(backlog.dueAt()).toBeNull();
  });

  it('does not give a row out early after the clock stepped back', () => {
    const backlog = new MemoryBacklog();
    backlog.add(waiting(admitted(1, { notBefore: noon }), 0));
    backlog.add(waiting(admitted(2, { notBefore: noon }), 1));
    backlog.take(noon);
    expect(backlog.take(noon - 5)).toBeNull();
    expect(backlog.dueAt()).toBe(noon);
  });

  it('holds a batch without holding others, and gives it back its place', () => {
    const backlog = new MemoryBacklog();
    backlog.hold('a', true);
    backlog.add(waiting(admitted(1, { batchId: 'a' }), 0));
    backlog.add(waiting(admitted(1, { batchId: 'b' }), 1));
    expect(rows(drain(backlog))).toEqual(['b:1']);
    expect(backlog.dueAt()).toBeNull();
    expect(backlog.size).toBe(1);
    backlog.hold('a', false);
    expect(rows(drain(backlog))).toEqual(['a:1']);
  });

  it('removes a batch whole, rows of the future included', () => {
    const backlog = new MemoryBacklog();
    backlog.add(waiting(admitted(1, { batchId: 'a' }), 0));
    backlog.add(waiting(admitted(2, { batchId: 'a', notBefore: noon + 99 }), 1));
    backlog.add(waiting(admitted(1, { batchId: 'b' }), 2));
    expect(backlog.remove('a')).toHaveLength(2);
    expect(backlog.size).toBe(1);
    expect(rows(drain(backlog, noon + 1000))).toEqual(['b:1']);
  });

  it('gives every row out once, whatever the order they came in', () => {
    const row = fc.record({
      batch: fc.integer({ min: 0, max: 4 }),
      priority: fc.integer({ min: 0, max: 2 }),
      wait: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 200 }), (added) => {
        const backlog = new MemoryBacklog();
        added.forEach(({ batch, priority, wait }, index) => {
          backlog.add(waiting(admitted(index, { batchId: `b${batch}`, priority, notBefore: wait === 0 ? null : noon + wait }), index));
        });
        const taken = new Set<number>();
        for (let at = noon; at <= noon + 50; at += 1) for (const item of drain(backlog, at)) taken.add(item.offset);
        return taken.size === added.length && backlog.size === 0;
      }),
    );
  });
});
