import type { Waiting } from './waiting.ts';

/** Place of a row inside its queue: by `major`, then by `minor`. */
export interface RowOrder {
  readonly major: number;
  readonly minor: number;
}

export interface StoredRow {
  /** Number of the queue, given by the backlog. */
  readonly queue: number;
  readonly order: RowOrder;
  readonly item: Waiting;
}

/**
 * The waiting rows of one opening that memory does not hold. A cache of the log: empty at every opening, never read by a
 * later one, and nobody's only copy. Offsets are unique in it. Every adapter passes row-store.suite.ts.
 */
export interface RowStore {
  readonly size: number;
  put(row: StoredRow): void;
  /** Takes out the first rows of a queue, in order; fewer than `most` when it has no more. */
  take(queue: number, most: number): readonly StoredRow[];
  /** Takes out rows with an offset below `offset`, lowest first, whatever their queue. */
  takeBelow(offset: number, most: number): readonly StoredRow[];
  /** Frees what it holds outside memory. */
  close(): void;
}
