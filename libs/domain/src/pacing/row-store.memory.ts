import { Heap } from './heap.ts';
import type { RowStore, StoredRow } from './row-store.ts';

const before = (a: StoredRow, b: StoredRow): boolean =>
  a.order.major < b.order.major || (a.order.major === b.order.major && a.order.minor < b.order.minor);

/** Holds in memory what the backlog does not: no bound of its own, so only where rows are few. */
export class MemoryRowStore implements RowStore {
  readonly #queues = new Map<number, Heap<StoredRow>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  put(row: StoredRow): void {
    let queue = this.#queues.get(row.queue);
    if (queue === undefined) this.#queues.set(row.queue, (queue = new Heap(before)));
    queue.push(row);
    this.#size += 1;
  }

  take(queue: number, most: number): readonly StoredRow[] {
    const rows = this.#queues.get(queue);
    const taken: StoredRow[] = [];
    while (taken.length < most) {
      const row = rows?.pop();
      if (row === undefined) break;
      taken.push(row);
    }
    return this.#taken(taken);
  }

  takeBelow(offset: number, most: number): readonly StoredRow[] {
    const found = [...this.#queues.values()].flatMap(({ items }) => items.filter(({ item }) => item.offset < offset));
    const lowest = new Set(found.sort((a, b) => a.item.offset - b.item.offset).slice(0, most));
    for (const rows of this.#queues.values()) rows.extract((row) => lowest.has(row));
    return this.#taken([...lowest]);
  }

  close(): void {
    this.#queues.clear();
    this.#size = 0;
  }

  #taken(rows: readonly StoredRow[]): readonly StoredRow[] {
    this.#size -= rows.length;
    for (const { queue } of rows) if (this.#queues.get(queue)?.size === 0) this.#queues.delete(queue);
    return rows;
  }
}
