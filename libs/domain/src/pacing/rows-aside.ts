import type { Waiting } from './waiting.ts';

/** Rows held back at most: more would only move the whole backlog here. */
const mostAside = 10_000;

/** Rows whose turn came while nobody sends from their slots partition. They come back, in their place, when it speaks. */
export class RowsAside {
  readonly #byPartition = new Map<number, Waiting[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Nothing is granted then: the rows next in turn may be for the silent partition too. */
  get isFull(): boolean {
    return this.#size >= mostAside;
  }

  get items(): Iterable<Waiting> {
    return [...this.#byPartition.values()].flat();
  }

  put(slotsPartition: number, item: Waiting): void {
    const rows = this.#byPartition.get(slotsPartition);
    if (rows === undefined) this.#byPartition.set(slotsPartition, [item]);
    else rows.push(item);
    this.#size += 1;
  }

  /** Takes out the rows of partitions that speak. */
  heard(speaks: (slotsPartition: number) => boolean): Waiting[] {
    if (this.#size === 0) return [];
    const back: Waiting[] = [];
    for (const [partition, rows] of this.#byPartition) {
      if (!speaks(partition)) continue;
      back.push(...rows);
      this.#byPartition.delete(partition);
    }
    this.#size -= back.length;
    return back;
  }

  /** Takes out rows that match, at most so many. */
  extract(matches: (item: Waiting) => boolean, most = Number.POSITIVE_INFINITY): Waiting[] {
    const out: Waiting[] = [];
    for (const [partition, rows] of this.#byPartition) {
      const rest: Waiting[] = [];
      for (const item of rows) (out.length < most && matches(item) ? out : rest).push(item);
      this.#byPartition.set(partition, rest);
    }
    this.#size -= out.length;
    return out;
  }
}
