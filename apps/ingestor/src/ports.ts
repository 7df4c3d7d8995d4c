import type { Controls } from '@paceline/domain/controls';
import type { ReachQuery } from '@paceline/domain/ingest';
import type { Clock } from '@paceline/pipeline';
import type { SourceSettings, Tracing } from '@paceline/runtime';
import type { ObjectPlace } from '@paceline/adapter-objects';

/** What the ingestor's tasks say about themselves; pino fits. No phone number, body or secret in any field. */
export interface IngestLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Counters of the service. */
export interface IngestMetrics {
  rows(source: string, counts: { readonly admitted: number; readonly refused: number }): void;
  file(source: string, end: 'read' | 'refused' | 'duplicate' | 'cancelled'): void;
}

/** The settings as the tasks need them. */
export interface IngestSettings {
  readonly accounts: ReadonlySet<string>;
  /** Accounts that keep quiet hours. */
  readonly quietAccounts: ReadonlySet<string>;
  readonly sources: readonly SourceSettings[];
  readonly contactKey: string;
  /** Share of rows whose path is traced. */
  readonly traceRatio: number;
  /** Folder for the refused rows of files being read. */
  readonly spoolFolder: string;
}

/** Everything a task of the ingestor touches. */
export interface IngestDeps {
  readonly settings: IngestSettings;
  readonly places: readonly ObjectPlace[];
  readonly clock: Clock;
  readonly tracing: Tracing;
  readonly logger: IngestLogger;
  readonly metrics: IngestMetrics;
  /** Why this contact must not be called now; null when nothing stands against it. */
  suppressedBecause(query: ReachQuery, nowMicros: number): string | null;
  /** A table that is behind only means that a cancellation is noticed later. */
  readonly controls: Controls;
  /** Waits between two tries of a failing store; ends early, without error, when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}
