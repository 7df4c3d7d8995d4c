import type { Micros } from '@paceline/contracts';
import { CodeTally, type Routed } from '@paceline/domain/routing';
import type { OutputRecord } from '@paceline/pipeline';
import type { RouterMetrics } from './router-metrics.ts';

interface RouteSpan {
  readonly headers: Record<string, string>;
  end(atMicros?: number): void;
}

/** The part of tracing that routing needs. */
export interface RouteSpans {
  child(
    name: string,
    headers: Readonly<Record<string, string>>,
    options?: { attributes?: Readonly<Record<string, string | number>> },
  ): RouteSpan;
}

/** What one transaction will write, with the spans that end when it is committed. */
export class RoutedBatch {
  readonly #outputs: OutputRecord[] = [];
  readonly #tally = new CodeTally();
  readonly #decided: { readonly routed: Routed; readonly span: RouteSpan }[] = [];

  constructor(private readonly tracing: RouteSpans) {}

  get isEmpty(): boolean {
    return this.#outputs.length === 0;
  }

  add(record: OutputRecord): void {
    this.#outputs.push(record);
  }

  /** All of it, with the counts of what was decided. */
  outputs(partition: number, at: Micros): readonly OutputRecord[] {
    return [...this.#outputs, ...this.#tally.records(partition, at)];
  }

  addDecision(routed: Routed): void {
    this.#tally.add(routed);
    const { requestId } = routed.claim.request;
    const attributes = { requestId, attempt: routed.claim.attempt, class: routed.class, action: routed.action };
    const span = this.tracing.child('route', routed.headers, { attributes });
    for (const record of routed.records) this.add({ ...record, headers: headersOf(record, routed, span.headers) });
    this.#decided.push({ routed, span });
  }

  /** Counts and spans tell only what really happened. */
  committed(metrics: RouterMetrics): void {
    for (const { routed, span } of this.#decided) {
      metrics.decided(routed.class, routed.action);
      span.end();
    }
  }
}

/** A suppression is nobody's row: a reader that cannot decode it must not close one. */
function headersOf(record: OutputRecord, { claim }: Routed, trace: Readonly<Record<string, string>>): Record<string, string> {
  if (record.event.type === 'SuppressionSet') return { ...trace };
  const { requestId, batchId } = claim.request;
  const attempt = record.event.type === 'RetryScheduled' ? record.event.data.attempt : claim.attempt;
  return { ...trace, requestId, batchId, attempt: String(attempt) };
}
