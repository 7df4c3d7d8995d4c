import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace, type Link, type Span, type Tracer } from '@opentelemetry/api';
import { maskText } from './masking.ts';
import { formatTraceparent, parseTraceparent, type TraceContext } from './traceparent.ts';
import {
  inertSpan,
  inertSpanOf,
  type SpanAttributes,
  type SpanOptions,
  type TraceHeaders,
  type TraceSpan,
  type Tracing,
} from './tracing.ts';

const KINDS = { internal: SpanKind.INTERNAL, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT };

/** OpenTelemetry's [seconds, nanoseconds]; a plain number would be guessed to be something else. */
const hrTimeOf = (micros: number): [number, number] => [Math.floor(micros / 1e6), Math.round(micros % 1e6) * 1_000];

class RecordingSpan implements TraceSpan {
  readonly headers: Record<string, string>;
  readonly traceId: string;
  readonly #span: Span;
  readonly #now: () => number;
  #ended = false;

  constructor(span: Span, now: () => number) {
    const { traceId, spanId } = span.spanContext();
    this.#span = span;
    this.#now = now;
    this.traceId = traceId;
    this.headers = { traceparent: formatTraceparent({ traceId, spanId, sampled: true }) };
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes({ ...attributes });
  }

  fail(message: string): void {
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: maskText(message) });
  }

  end(atMicros?: number): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#span.end(hrTimeOf(atMicros ?? this.#now()));
  }
}

const linkOf = ({ traceId, spanId }: TraceContext): Link => ({ context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED } });

export interface OtelTracingOptions {
  /** Of a provider that records everything it is asked for: what is kept is decided here, once, at the root. */
  readonly tracer: Tracer;
  /** Share of new traces that are kept, 0 to 1. */
  readonly ratio: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** UTC microseconds. */
  readonly now: () => number;
}

/** Spans over an OpenTelemetry tracer. Unsampled roots and children cost one comparison and make no object. */
export function otelTracing(options: OtelTracingOptions): Tracing {
  const { tracer, ratio, random, now } = options;

  function start(name: string, parent: TraceContext | undefined, span: SpanOptions = {}): TraceSpan {
    const links = (span.links ?? []).map((headers) => parseTraceparent(headers['traceparent'])).filter((link) => link?.sampled === true);
    const context =
      parent === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId: parent.traceId,
            spanId: parent.spanId,
            traceFlags: TraceFlags.SAMPLED,
            isRemote: true,
          });
    const started = tracer.startSpan(
      name,
      {
        kind: KINDS[span.kind ?? 'internal'],
        startTime: hrTimeOf(span.startMicros ?? now()),
        attributes: { ...span.attributes },
        links: links.map((link) => linkOf(link as TraceContext)),
      },
      context,
    );
    return new RecordingSpan(started, now);
  }

  return {
    root: (name, span) => (random() < ratio ? start(name, undefined, span) : inertSpan),
    child(name: string, headers: TraceHeaders, span?: SpanOptions) {
      const traceparent = headers['traceparent'];
      if (traceparent === undefined) return inertSpan;
      const parent = parseTraceparent(traceparent);
      if (parent === undefined) return inertSpan;
      return parent.sampled ? start(name, parent, span) : inertSpanOf(traceparent);
    },
  };
}
