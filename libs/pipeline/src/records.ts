import type { Event, EventName, EventOf, OutputRecord, TopicName } from '@paceline/contracts';

/** Where a record stands in the log. Offsets are plain numbers: 2^53 is out of any partition's reach. */
export interface Position {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
}

interface RecordBase extends Position {
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Broker's timestamp, milliseconds. */
  readonly timestampMs: number;
}

/** A record that decoded. */
export interface EventRecord extends RecordBase {
  readonly kind: 'event';
  readonly event: Event;
}

/** A record that can never be decoded; kept raw for the dead letter. */
export interface PoisonRecord extends RecordBase {
  readonly kind: 'poison';
  readonly reason: string;
  readonly rawKey: Buffer | null;
  readonly rawValue: Buffer | null;
}

export type InputRecord = EventRecord | PoisonRecord;

/** Records of one topic partition in offset order, as one fetch delivered them. */
export interface RecordBatch {
  readonly topic: TopicName;
  readonly partition: number;
  readonly records: readonly InputRecord[];
  /** Offset to commit when all of these are done; past trailing control records. */
  readonly nextOffset: number;
}

export type { OutputRecord };

/** A change of a task's keyed state; null deletes (a tombstone in the changelog). */
export interface StateChange {
  readonly key: string;
  readonly value: string | null;
}

/** A committed input position, with metadata (at most 4,096 bytes) that only the owner writes. */
export interface OffsetMark {
  readonly topic: TopicName;
  readonly offset: number;
  readonly metadata?: string;
}

/** All that becomes true together, or not at all. */
export interface Transaction {
  readonly outputs: readonly OutputRecord[];
  readonly state?: readonly StateChange[];
  readonly offsets?: readonly OffsetMark[];
}

/** Narrows a record to one event type. */
export function isEvent<N extends EventName>(record: InputRecord, type: N): record is EventRecord & { event: EventOf<N> } {
  return record.kind === 'event' && record.event.type === type;
}
