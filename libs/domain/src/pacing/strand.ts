import type { Heap } from './heap.ts';
import { dueOrder, fileOrder, type RowQueue } from './row-queue.ts';
import type { RowShelf } from './row-shelf.ts';
import type { Waiting } from './waiting.ts';

/** A batch inside one priority: it has a weight and takes its turns. */
export interface Flow {
  readonly batchId: string;
  readonly priority: number;
  /** Strands that may have their turn, lowest row first. */
  readonly ready: Heap<Strand>;
  weight: number;
  held: boolean;
  /** Start tag of its next row. */
  start: number;
  /** Place among equal start tags. */
  turn: number;
  /** Whether it stands in line for its turn. */
  queued: boolean;
  /** Strands with rows, ready or not. */
  strands: number;
}

/** What several strands must pass and what is not always open: a lane, an API, a time of day. */
export interface Gateway {
  /** First instant from `at` on at which a row may pass; Infinity = not by itself. */
  opensAt(at: number): number;
  /** Whether the strand may pass before those who wait here. */
  admits(strand: Strand): boolean;
  /** Takes the strand in line until it is let in. */
  park(strand: Strand): void;
  /** The strand goes on elsewhere, or is gone: it stands here no more, and gives up that it was let in. */
  leave(strand: Strand): void;
  /** The order of a parked strand has changed. */
  reorder(strand: Strand): void;
  /** A row of the strand passes at that instant. */
  pass(strand: Strand, slotAt: number, cost: number): void;
  /** Strands that pass here. */
  users: number;
}

export interface StrandTerms {
  readonly key: string;
  readonly batchId: string;
  readonly lane: string;
  /** Of the rows themselves. */
  readonly priority: number;
  readonly shelf: RowShelf;
  /** Rows were taken out from behind. */
  readonly thinned: (strand: Strand, rows: number) => void;
}

/** Where a strand stands: nowhere (no due row), among its flow's ready ones, in line at a gate, or taken out for good. */
type StrandPlace = 'idle' | 'ready' | 'parked' | 'retired';

/** The rows of one batch, priority, lane and zone: what is alike enough to wait for the same things. */
export class Strand {
  /** Rows whose notBefore has come. */
  readonly due: RowQueue;
  /** Rows whose notBefore has not come. */
  readonly later: RowQueue;
  place: StrandPlace = 'idle';
  /** Row and offset of its head as it stands in line; Infinity = no due row. */
  row = Number.POSITIVE_INFINITY;
  offset = Number.POSITIVE_INFINITY;
  /** Index in the heap of its place. */
  at = -1;
  /** Index in the schedule. */
  scheduled = -1;
  /** More of its later rows are due than were moved. */
  ripe = false;
  gates: readonly Gateway[] = [];
  parkedAt: Gateway | null = null;

  constructor(
    readonly terms: StrandTerms,
    public flow: Flow,
  ) {
    const thinned = (rows: number): void => {
      if (this.place !== 'retired') terms.thinned(this, rows);
    };
    this.due = terms.shelf.newQueue(fileOrder, thinned);
    this.later = terms.shelf.newQueue(dueOrder, thinned);
  }

  get size(): number {
    return this.due.size + this.later.size;
  }

  /** Any row of it; its rows are alike in all that decides what they must pass. */
  get sample(): Waiting | undefined {
    return this.due.peek() ?? this.later.peek();
  }

  /**
   * Whether every gate lets it pass at that instant; if not, it is parked there. Before a closed gate it gives up what it
   * was let in to; before one that is open for others first it keeps its place at the gates before that.
   */
  passesOrParks(at: number): boolean {
    for (const [index, gate] of this.gates.entries()) {
      const isClosed = gate.opensAt(at) > at;
      if (!isClosed && gate.admits(this)) continue;
      this.flow.ready.remove(this.at);
      for (const [other, left] of this.gates.entries()) if (isClosed || other > index) left.leave(this);
      gate.park(this);
      return false;
    }
    return true;
  }

  /** Its rows have changed: looks up the head that its order comes from. Before it is moved in any line. */
  lookUp(): void {
    const head = this.due.peek();
    this.row = head?.request.row ?? Number.POSITIVE_INFINITY;
    this.offset = head?.offset ?? Number.POSITIVE_INFINITY;
  }

  /** Gives up its place at all gates. */
  leaveGates(): void {
    for (const gate of this.gates) gate.leave(this);
  }

  /** Gives its memory back; only when it is empty. */
  drop(): void {
    this.place = 'retired';
    this.terms.shelf.drop(this.due);
    this.terms.shelf.drop(this.later);
  }
}

/** By the row that each would give next. */
export const givesLowerRow = (a: Strand, b: Strand): boolean => a.row < b.row || (a.row === b.row && a.offset < b.offset);
