import { formatTraceparent, parseTraceparent } from './traceparent.ts';
import {
  inertSpan,
  inertSpanOf,
  type SpanAttributes,
  type SpanOptions,
  type TraceHeaders,
  type TraceSpan,
  type Tracing,
} from './tracing.ts';

/** A span as a spec sees it. */
export interface RecordedSpan {
  readonly name: string;
  readonly kind: NonNullable<SpanOptions['kind']>;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly startMicros: number | null;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly attributes: SpanAttributes;
  readonly failure: string | null;
  /** Null while open, and when end() was called without a time. */
  readonly endMicros: number | null;
  readonly ended: boolean;
}

export interface RecordingTracing extends Tracing {
  /** In the order they were started. */
  readonly spans: readonly RecordedSpan[];
  named(name: string): RecordedSpan[];
}

type Writable = { -readonly [K in keyof RecordedSpan]: RecordedSpan[K] };

const linksOf = (options: SpanOptions): { traceId: string; spanId: string }[] =>
  (options.links ?? []).flatMap((headers) => {
    const link = parseTraceparent(headers['traceparent']);
    return link?.sampled === true ? [{ traceId: link.traceId, spanId: link.spanId }] : [];
  });

function handleOf(span: Writable): TraceSpan {
  return {
    traceId: span.traceId,
    headers: { traceparent: formatTraceparent({ ...span, sampled: true }) },
    set: (attributes) => void (span.attributes = { ...span.attributes, ...attributes }),
    fail: (message) => void (span.failure = message),
    end(atMicros) {
      if (span.ended) return;
      span.ended = true;
      span.endMicros = atMicros ?? null;
    },
  };
}

/** Collects spans in memory, for specs: ids count upwards, so that runs are alike. `sampled: false` drops every root. */
export function recordingTracing(options: { readonly sampled?: boolean } = {}): RecordingTracing {
  const spans: Writable[] = [];

  function start(name: string, parent: { traceId: string; spanId: string } | null, span: SpanOptions = {}): TraceSpan {
    const number = spans.length + 1;
    const started: Writable = {
      name,
      kind: span.kind ?? 'internal',
      traceId: parent?.traceId ?? number.toString(16).padStart(32, '0'),
      spanId: number.toString(16).padStart(16, '0'),
      parentSpanId: parent?.spanId ?? null,
      startMicros: span.startMicros ?? null,
      links: linksOf(span),
      attributes: { ...span.attributes },
      failure: null,
      endMicros: null,
      ended: false,
    };
    spans.push(started);
    return handleOf(started);
  }

  return {
    spans,
    named: (name) => spans.filter((span) => span.name === name),
    root: (name, span) => (options.sampled === false ? inertSpan : start(name, null, span)),
    child(name: string, headers: TraceHeaders, span?: SpanOptions) {
      const traceparent = headers['traceparent'];
      const parent = parseTraceparent(traceparent);
      if (traceparent === undefined || parent === undefined) return inertSpan;
      return parent.sampled ? start(name, parent, span) : inertSpanOf(traceparent);
    },
  };
}
