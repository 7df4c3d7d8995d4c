import type { Event, TopicName } from '@paceline/contracts';
import type { EventRecord, OutputRecord } from './records.ts';

/** Time as the product sees it. `wallMicros` only stamps and compares with stamps; waiting is always monotonic. */
export interface Clock {
  /** UTC microseconds. */
  wallMicros(): number;
  /** Milliseconds from an arbitrary origin, never stepping back. */
  monotonicMs(): number;
}

/** Writes facts (never rights) outside a partition's transaction: idempotent producer, ordered per key. */
export interface FactWriter {
  /** Resolves after the brokers' acknowledgement. */
  write(records: readonly OutputRecord[]): Promise<void>;
}

/**
 * A compacted topic folded in memory by every process, read from its beginning.
 * Fresh = proven less than 1 s ago to hold everything that was written by then. Not fresh: fail closed.
 */
export interface Table<E extends Event = Event> {
  get(key: string): E['data'] | undefined;
  entries(): IterableIterator<[string, E['data']]>;
  isFresh(): boolean;
  /**
   * Monotonic instant up to which, this one excluded, it stays fresh if nothing more is heard; at or before now when it is
   * not fresh. For who acts later than it asks: a table is never relied upon beyond it.
   */
  freshUntilMs(): number;
  /** Called after each applied record; returns the unsubscribe function. */
  onChange(listener: (key: string, data: E['data'] | undefined) => void): () => void;
}

/** Reads a topic from its beginning to the end it had when asked; for the CLI and for reports. */
export interface LogReader {
  readToEnd(topics: readonly TopicName[], each: (record: EventRecord) => void): Promise<void>;
}
