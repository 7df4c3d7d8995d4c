import type { InputRecord } from '@paceline/pipeline';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { ArchiveObserver, ArchiveSpan } from './archive-task.ts';

interface Logs {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

interface Traces {
  child(name: string, headers: Readonly<Record<string, string>>): ArchiveSpan;
}

/** The task's work as metrics, log lines and spans. No value of a record is a label, a field or an attribute. */
export class ArchiveTelemetry implements ArchiveObserver {
  readonly #events: Counter;
  readonly #failures: Counter;
  readonly #inserts: Histogram;

  constructor(
    private readonly logger: Logs,
    private readonly tracing: Traces,
    registry: Registry,
  ) {
    const registers = [registry];
    this.#events = new Counter({ name: 'paceline_archived_events_total', help: 'Events stored in ClickHouse', registers });
    this.#failures = new Counter({ name: 'paceline_archive_failures_total', help: 'Inserts that failed and were repeated', registers });
    this.#inserts = new Histogram({
      name: 'paceline_archive_insert_seconds',
      help: 'Duration of one stored block',
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers,
    });
  }

  begin({ headers }: InputRecord): ArchiveSpan | null {
    return headers['traceparent'] === undefined ? null : this.tracing.child('archive', headers);
  }

  stored({ events, milliseconds }: { readonly events: number; readonly milliseconds: number }): void {
    this.#events.inc(events);
    this.#inserts.observe(milliseconds / 1000);
  }

  failed({ error, needsPerson, retryInMs }: { readonly error: Error; readonly needsPerson: boolean; readonly retryInMs: number }): void {
    this.#failures.inc();
    const fields = { error: error.message, delayMs: retryInMs };
    if (needsPerson) this.logger.error(fields, 'ClickHouse refuses the block: a person must act; nothing is lost meanwhile');
    else this.logger.warn(fields, 'ClickHouse is not available: the block waits');
  }
}
