import { Heap } from './heap.ts';
import type { RowOrder, RowStore } from './row-store.ts';
import type { Waiting } from './waiting.ts';

/** How the rows of a queue stand in line. */
export interface RowOrdering {
  readonly of: (item: Waiting) => RowOrder;
  readonly before: (a: Waiting, b: Waiting) => boolean;
}

/** Lowest row first: what comes back goes ahead of newer rows. */
export const fileOrder: RowOrdering = {
  of: ({ request, offset }) => ({ major: request.row, minor: offset }),
  before: (a, b) => a.request.row < b.request.row || (a.request.row === b.request.row && a.offset < b.offset),
};

/** Earliest due first. */
export const dueOrder: RowOrdering = {
  of: ({ notBefore, offset }) => ({ major: notBefore, minor: offset }),
  before: (a, b) => a.notBefore < b.notBefore || (a.notBefore === b.notBefore && a.offset < b.offset),
};

/** What the queue is part of: it grants the memory. */
interface Shelf {
  readonly store: RowStore;
  /** Rows to fetch at once. */
  portion(): number;
  grew(rows: number): void;
}

interface RowQueueTerms {
  readonly number: number;
  readonly ordering: RowOrdering;
  readonly shelf: Shelf;
  /** Rows were taken out from behind: the head may have changed. */
  readonly thinned: (rows: number) => void;
}

const isBefore = (a: RowOrder, b: RowOrder): boolean => a.major < b.major || (a.major === b.major && a.minor < b.minor);

/**
 * Rows in order, the first ones in memory and the rest in the store. Promise: every row in memory stands before every row
 * in the store, and a queue with rows has its head in memory. The store is not asked while memory is enough.
 */
export class RowQueue {
  readonly number: number;
  readonly #resident: Heap<Waiting>;
  #stored = 0;
  /** No stored row stands before it. */
  #floor: RowOrder | null = null;

  constructor(private readonly terms: RowQueueTerms) {
    this.number = terms.number;
    this.#resident = new Heap(terms.ordering.before);
  }

  get size(): number {
    return this.#resident.size + this.#stored;
  }

  get residentSize(): number {
    return this.#resident.size;
  }

  peek(): Waiting | undefined {
    return this.#resident.peek();
  }

  push(item: Waiting): void {
    const { ordering, shelf } = this.terms;
    if (this.#floor === null || isBefore(ordering.of(item), this.#floor)) {
      this.#resident.push(item);
      shelf.grew(1);
    } else {
      shelf.store.put({ queue: this.number, order: ordering.of(item), item });
      this.#stored += 1;
    }
  }

  pop(): Waiting | undefined {
    const item = this.#resident.pop();
    if (item !== undefined) this.terms.shelf.grew(-1);
    this.#refill();
    return item;
  }

  /** Keeps that many rows in memory and stores the others. */
  spill(keep: number): void {
    const { shelf, ordering } = this.terms;
    const rest = this.#resident.keep(Math.max(1, keep));
    const first = rest[0];
    if (first === undefined) return;
    this.#floor = ordering.of(first);
    for (const item of rest) shelf.store.put({ queue: this.number, order: ordering.of(item), item });
    this.#stored += rest.length;
    shelf.grew(-rest.length);
  }

  /** Takes out rows in memory with an offset below the given one. */
  thin(offset: number, most: number): Waiting[] {
    const out = this.#resident.extract((item) => item.offset < offset, most);
    if (out.length === 0) return out;
    this.terms.shelf.grew(-out.length);
    this.#refill();
    this.terms.thinned(out.length);
    return out;
  }

  /** One of its stored rows was taken out. */
  storedTaken(): void {
    this.#stored -= 1;
    if (this.#stored === 0) this.#floor = null;
    this.terms.thinned(1);
  }

  #refill(): void {
    if (this.#resident.size > 0 || this.#stored === 0) return;
    const { shelf, ordering } = this.terms;
    const rows = shelf.store.take(this.number, shelf.portion());
    const last = rows.at(-1);
    if (last === undefined) throw new Error(`the row store lost ${this.#stored} rows of queue ${this.number}`);
    for (const { item } of rows) this.#resident.push(item);
    this.#stored -= rows.length;
    this.#floor = this.#stored === 0 ? null : ordering.of(last.item);
    shelf.grew(rows.length);
  }
}
