import type { Event, Micros, TopicName } from '@paceline/contracts';

/** A decoded record as the archive needs it. */
export interface ArchivedRecord {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly event: Event;
}

/** Bytes that can be written as base64, whatever holds them. */
export interface RawBytes {
  toString(encoding: 'base64'): string;
}

/** A record that cannot be decoded, or the deletion of a key (no value at all). */
export interface RawRecord {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestampMs: number;
  readonly reason: string;
  readonly rawKey: RawBytes | null;
  readonly rawValue: RawBytes | null;
}

/** Columns of the events table that only some events have; what is absent stays at the column's default. */
export interface EventColumns {
  readonly batch_id?: string;
  readonly request_id?: string;
  readonly attempt?: number;
  readonly account?: string;
  readonly api?: string;
  readonly lane?: string;
  readonly row?: number;
  readonly line?: number;
  readonly cost?: number;
  readonly priority?: number;
  readonly external_id?: string | null;
  readonly contact?: string;
  readonly to_masked?: string;
  readonly parent?: string | null;
  readonly number?: number;
  readonly era?: number;
  readonly slot_at?: Micros;
  readonly deadline?: Micros;
  readonly not_before?: Micros | null;
  readonly expires_at?: Micros | null;
  readonly class?: string;
  readonly outcome?: string;
  readonly reason?: string;
  readonly detail?: string;
  readonly http_status?: number | null;
  readonly code?: number | null;
  readonly sid?: string | null;
  readonly retry_after_ms?: number | null;
  readonly called_at?: Micros | null;
  readonly answered_at?: Micros | null;
  readonly attempts?: number;
  readonly throttles?: number;
  readonly sender?: string;
  readonly rule_version?: string | null;
  readonly evidence?: string | null;
  readonly source?: string;
  readonly file?: string;
  readonly rows?: number;
  readonly admitted?: number;
  readonly refused?: number;
  readonly segments?: number;
  readonly range_from?: readonly number[];
  readonly range_to?: readonly number[];
}

/** One row of the events table. Times are UTC microseconds. */
export interface EventRow extends EventColumns {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  readonly event_type: string;
  readonly event_id: string;
  readonly causation_id: string | null;
  readonly occurred_at: Micros;
  readonly trace_id: string;
  readonly payload: string;
}

/** What only the short-lived personal table may hold. */
export interface PersonalPart {
  readonly kind: 'request' | 'uploaded' | 'response' | 'answer' | 'raw';
  readonly contact?: string;
  readonly to?: string;
  readonly params?: string;
  readonly uploaded?: readonly string[];
  readonly content?: string;
}

/** One row of the personal table. */
export interface PersonalRow extends PersonalPart {
  readonly batch_id: string;
  readonly request_id: string;
  readonly event_id: string;
  readonly occurred_at: Micros;
}

/** What one record becomes: always one event row, so that offsets and rows can be compared. */
export interface ArchivedRows {
  readonly event: EventRow;
  readonly personal: PersonalRow | null;
}

/** What one event type adds to its row: columns, the rest as JSON, and what is personal. */
export interface Mapped {
  readonly columns: EventColumns;
  readonly payload?: object;
  readonly personal?: PersonalPart | null;
}
