/** Headers of a record, as far as tracing reads them: only `traceparent` (W3C). */
export type TraceHeaders = Readonly<Record<string, string>>;

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  readonly attributes?: SpanAttributes;
  /** UTC microseconds; now when absent. */
  readonly startMicros?: number;
  /** Headers of records this span is about, beside its parent; those without a sampled trace are left out. */
  readonly links?: readonly TraceHeaders[];
  readonly kind?: 'internal' | 'producer' | 'consumer' | 'client';
}

export interface TraceSpan {
  /** `{traceparent}` of this span; the parent's when unsampled; `{}` when there is no trace. */
  readonly headers: Record<string, string>;
  /** Null when nothing is recorded. */
  readonly traceId: string | null;
  set(attributes: SpanAttributes): void;
  /** Marks the span as failed. The message is masked like a log line. */
  fail(message: string): void;
  /** Ends the span once; later calls do nothing. UTC microseconds; now when absent. */
  end(atMicros?: number): void;
}

/** Spans of the product. No phone number, body or secret may be an attribute or a name. */
export interface Tracing {
  /** A new trace, kept with the configured probability. */
  root(name: string, options?: SpanOptions): TraceSpan;
  /** A child of the trace in a record's headers; inert when there is none or it is not sampled. */
  child(name: string, headers: TraceHeaders, options?: SpanOptions): TraceSpan;
}

class InertSpan implements TraceSpan {
  readonly traceId = null;
  readonly headers: Record<string, string>;

  constructor(headers: Record<string, string>) {
    this.headers = headers;
  }

  set(): void {}
  fail(): void {}
  end(): void {}
}

/** Shared by everything that has no trace: costs nothing. Frozen, because it is shared. */
export const inertSpan: TraceSpan = Object.freeze(new InertSpan(Object.freeze({}) as Record<string, string>));

/** Carries an unsampled parent on, so that later services follow the decision of the root. */
export const inertSpanOf = (traceparent: string): TraceSpan => new InertSpan({ traceparent });
