import fc from 'fast-check';
import { admitted, noon } from './pacing-bench.suite.ts';
import { dueOrder, fileOrder } from './row-queue.ts';
import { RowShelf } from './row-shelf.ts';
import { MemoryRowStore } from './row-store.memory.ts';
import { waitingOf, type Waiting } from './waiting.ts';

let offset = 0;
const row = (number: number, notBefore: number | null = null): Waiting =>
  waitingOf(admitted(number, { notBefore }), { offset: (offset += 1), traceparent: null });

describe('a queue of rows', () => {
  it('asks no store while memory is enough', () => {
    const store = new MemoryRowStore();
    const queue = new RowShelf(store, 100).newQueue(fileOrder, () => undefined);
    for (let number = 1; number <= 100; number += 1) queue.push(row(number));
    expect(store.size).toBe(0);
  });

  it('keeps the first rows in memory and the budget over all queues', () => {
    const store = new MemoryRowStore();
    const shelf = new RowShelf(store, 100);
    const queues = Array.from({ length: 20 }, () => shelf.newQueue(fileOrder, () => undefined));
    for (let number = 1; number <= 2_000; number += 1) queues[number % 20]?.push(row(number));
    expect(shelf.residentSize).toBeLessThanOrEqual(110);
    expect(store.size + shelf.residentSize).toBe(2_000);
    for (const queue of queues) expect(queue.peek()?.request.row).toBeLessThanOrEqual(20);
  });

  it('keeps a head of every queue however many there are', () => {
    const shelf = new RowShelf(new MemoryRowStore(), 10);
    const queues = Array.from({ length: 50 }, () => shelf.newQueue(fileOrder, () => undefined));
    for (let number = 1; number <= 500; number += 1) queues[number % 50]?.push(row(number));
    expect(queues.every((queue) => queue.peek() !== undefined)).toBe(true);
    expect(shelf.residentSize).toBeLessThanOrEqual(110);
  });

  it('gives the rows out in order whatever comes when, takes old ones out, and loses none', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('push' as const), queue: fc.integer({ min: 0, max: 2 }), number: fc.integer({ min: 1, max: 1_000 }) }),
      fc.record({ kind: fc.constant('pop' as const), queue: fc.integer({ min: 0, max: 2 }), number: fc.constant(0) }),
      fc.record({ kind: fc.constant('below' as const), queue: fc.constant(0), number: fc.integer({ min: 1, max: 9 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), fc.integer({ min: 1, max: 20 }), fc.boolean(), (steps, budget, byTime) => {
        const ordering = byTime ? dueOrder : fileOrder;
        const shelf = new RowShelf(new MemoryRowStore(), budget);
        const queues = [0, 1, 2].map(() => shelf.newQueue(ordering, () => undefined));
        const model: Waiting[][] = [[], [], []];
        for (const { kind, queue, number } of steps) {
          if (kind === 'push') {
            const item = row(number, noon + number);
            queues[queue]?.push(item);
            model[queue] = [...(model[queue] ?? []), item].sort((a, b) => (ordering.before(a, b) ? -1 : 1));
          } else if (kind === 'pop') {
            expect(queues[queue]?.pop()).toBe(model[queue]?.shift());
          } else {
            const edge = offset - number * 3;
            const taken = new Set(shelf.takeBelow(edge, number));
            for (const item of taken) expect(item.offset).toBeLessThan(edge);
            const old = model.flat().filter((item) => item.offset < edge).length;
            expect(taken.size).toBe(Math.min(number, old));
            model.forEach((items, n) => (model[n] = items.filter((item) => !taken.has(item))));
          }
          queues.forEach((one, n) => expect(one.size).toBe(model[n]?.length));
          queues.forEach((one, n) => expect(one.peek()).toBe(model[n]?.[0]));
        }
      }),
      { numRuns: 200 },
    );
  });
});
