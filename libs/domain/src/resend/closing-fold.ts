import type { Event, RequestClosed, RowsClosed } from '@paceline/contracts';
import { RowSet, type RowNumbering } from './row-set.ts';
import { isProvenSafe, type Ending } from './safe-outcomes.ts';
import { selects, type Closing, type Selection } from './selection.ts';

/** An earlier resend of the same batch. */
export interface Generation {
  readonly batchId: string;
  readonly numbering: RowNumbering;
  /** Rows of the original that have a request in it, or will have one. */
  readonly linked: RowSet;
}

export interface ClosingQuestion {
  readonly batchId: string;
  /** Oldest first. */
  readonly generations: readonly Generation[];
  readonly selection: Selection;
}

/** Told of every closing that is meant; generation 0 is the original. Several may be told of a row: the latest counts. */
export type ClosingListener = (row: number, generation: number, closing: Closing) => void;

/**
 * Folds what the log says of the ends of a batch's rows into the rows that may be called again: those whose latest
 * request ended as asked, proven safe, and none of whose requests ended otherwise. What the log does not say is no
 * proof: a row without an outcome, or whose outcome is forgotten, is never chosen. Order and repeats do not matter.
 */
export class ClosingFold {
  /** Rows meant, per generation. */
  readonly #meant: readonly RowSet[];
  readonly #unsafe = new RowSet();
  readonly #generationOf: ReadonlyMap<string, number>;

  constructor(
    private readonly question: ClosingQuestion,
    private readonly listener: ClosingListener = () => undefined,
  ) {
    const batches = [question.batchId, ...question.generations.map(({ batchId }) => batchId)];
    this.#generationOf = new Map(batches.map((batchId, generation) => [batchId, generation]));
    this.#meant = batches.map(() => new RowSet());
  }

  apply({ type, data }: Event): void {
    if (type === 'RequestClosed') this.#requestClosed(data);
    else if (type === 'RowsClosed') this.#rowsClosed(data);
  }

  /** At most so many, the first of the file first. */
  chosen(most: number): RowSet {
    const rows = new RowSet();
    for (const row of this.#candidates()) {
      if (rows.size >= most) break;
      if (this.isChosen(row)) rows.add(row);
    }
    return rows;
  }

  isChosen(row: number): boolean {
    return !this.#unsafe.has(row) && this.#meant[this.latestOf(row)]?.has(row) === true;
  }

  /** The generation that holds the row's latest request; 0 = the original. */
  latestOf(row: number): number {
    return this.question.generations.findLastIndex(({ linked }) => linked.has(row)) + 1;
  }

  #candidates(): Iterable<number> {
    const rows = new RowSet();
    for (const meant of this.#meant) for (const row of meant.rows()) rows.add(row);
    return rows.rows();
  }

  #requestClosed(closed: RequestClosed): void {
    const generation = this.#generationOf.get(closed.batchId);
    // A closing that knows its request but not its row is one of an unreadable record: it proves nothing.
    if (generation !== undefined && closed.row >= 1) this.#close(generation, closed.row, { ...closed, at: closed.meta.occurredAt });
  }

  #rowsClosed({ batchId, ranges, outcome, reason, meta }: RowsClosed): void {
    const generation = this.#generationOf.get(batchId);
    if (generation === undefined) return;
    const closing = { outcome, reason, httpStatus: null, code: null, at: meta.occurredAt };
    for (const { from, to } of ranges) for (let number = from; number <= to; number += 1) this.#close(generation, number, closing);
  }

  #close(generation: number, number: number, closing: Closing): void {
    const row = this.#rowOf(generation, number);
    if (row === undefined) return;
    if (isFinalDoubt(closing)) this.#unsafe.add(row);
    else if (selects(this.question.selection, closing)) {
      this.#meant[generation]?.add(row);
      this.listener(row, generation, closing);
    }
  }

  #rowOf(generation: number, number: number): number | undefined {
    return generation === 0 ? number : this.question.generations[generation - 1]?.numbering.originalOf(number);
  }
}

/** An end that is no proof of safety bars the row for good, whatever else is said of it. */
const isFinalDoubt = (ending: Ending): boolean => !isProvenSafe(ending);
