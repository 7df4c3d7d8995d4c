import { RowQueue, type RowOrdering } from './row-queue.ts';
import type { RowStore } from './row-store.ts';
import type { Waiting } from './waiting.ts';

const mostFetched = 512;
const leastFetched = 2;
/** After making room there is a tenth of it, so that not every row makes room again. */
const slack = 0.1;

/**
 * Where all waiting rows of one opening stand: as many in memory as the budget says (one a queue at least), the rest in
 * the store. Under the budget the store is never touched.
 */
export class RowShelf {
  readonly #queues = new Map<number, RowQueue>();
  #resident = 0;
  #next = 0;
  #trimAt: number;

  constructor(
    readonly store: RowStore,
    private readonly budget: number,
  ) {
    this.#trimAt = budget;
  }

  get residentSize(): number {
    return this.#resident;
  }

  newQueue(ordering: RowOrdering, thinned: (rows: number) => void): RowQueue {
    const queue = new RowQueue({ number: (this.#next += 1), ordering, shelf: this, thinned });
    this.#queues.set(queue.number, queue);
    return queue;
  }

  /** Only of an empty queue. */
  drop(queue: RowQueue): void {
    if (queue.size > 0) throw new Error(`queue ${queue.number} still holds ${queue.size} rows`);
    this.#queues.delete(queue.number);
  }

  portion(): number {
    return Math.min(mostFetched, Math.max(leastFetched, this.#share()));
  }

  grew(rows: number): void {
    this.#resident += rows;
    if (this.#resident > this.#trimAt) this.#trim();
  }

  /** Takes out waiting rows with an offset below the given one, wherever they stand. */
  takeBelow(offset: number, most: number): Waiting[] {
    const out: Waiting[] = [];
    for (const queue of this.#queues.values()) {
      if (out.length >= most) return out;
      out.push(...queue.thin(offset, most - out.length));
    }
    for (const { queue, item } of this.store.takeBelow(offset, most - out.length)) {
      out.push(item);
      this.#queues.get(queue)?.storedTaken();
    }
    return out;
  }

  #share(): number {
    return Math.floor((this.budget * (1 - slack)) / Math.max(1, this.#queues.size));
  }

  /** Queues that hold more than their share in memory give it up; many short ones keep their heads whatever the budget. */
  #trim(): void {
    const share = Math.max(1, this.#share());
    this.#trimAt = Number.POSITIVE_INFINITY;
    for (const queue of this.#queues.values()) {
      if (queue.residentSize > share) queue.spill(share);
    }
    this.#trimAt = Math.max(this.budget, Math.ceil(this.#resident * (1 + slack)));
  }
}
