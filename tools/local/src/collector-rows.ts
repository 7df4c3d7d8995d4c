// OTLP/JSON to rows of `otel_traces` as the OpenTelemetry collector writes them. Pure.

interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly bytesValue?: string;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] };
}

interface KeyValue {
  readonly key: string;
  readonly value?: AnyValue;
}

interface SpanEvent {
  readonly timeUnixNano?: string | number;
  readonly name?: string;
  readonly attributes?: readonly KeyValue[];
}

interface SpanLink {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly traceState?: string;
  readonly attributes?: readonly KeyValue[];
}

interface OtlpSpan {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly startTimeUnixNano?: string | number;
  readonly endTimeUnixNano?: string | number;
  readonly attributes?: readonly KeyValue[];
  readonly events?: readonly SpanEvent[];
  readonly links?: readonly SpanLink[];
  readonly status?: { readonly code?: number; readonly message?: string };
}

interface ScopeSpans {
  readonly scope?: { readonly name?: string; readonly version?: string };
  readonly spans?: readonly OtlpSpan[];
}

export interface OtlpTraces {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scopeSpans?: readonly ScopeSpans[];
  }[];
}

export type TraceRow = Readonly<Record<string, unknown>>;

const kinds = ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'];
const statuses = ['Unset', 'Ok', 'Error'];

export function traceRows(traces: OtlpTraces): TraceRow[] {
  return (traces.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) => {
    const attributes = mapOf(resource?.attributes);
    const shared = { ResourceAttributes: attributes, ServiceName: attributes['service.name'] ?? '' };
    return (scopeSpans ?? []).flatMap(({ scope, spans }) => {
      const scoped = { ...shared, ScopeName: scope?.name ?? '', ScopeVersion: scope?.version ?? '' };
      return (spans ?? []).map((span) => ({ ...scoped, ...identityOf(span), ...timingOf(span), ...detailOf(span) }));
    });
  });
}

function identityOf({ traceId = '', spanId = '', parentSpanId = '', traceState = '', name = '', kind = 0 }: OtlpSpan): TraceRow {
  const SpanKind = kinds[kind] ?? 'Unspecified';
  return { TraceId: traceId, SpanId: spanId, ParentSpanId: parentSpanId, TraceState: traceState, SpanName: name, SpanKind };
}

function timingOf({ startTimeUnixNano = 0, endTimeUnixNano = 0 }: OtlpSpan): TraceRow {
  const start = BigInt(startTimeUnixNano);
  const length = BigInt(endTimeUnixNano) - start;
  return { Timestamp: instant(start), Duration: String(length > 0n ? length : 0n) };
}

function detailOf({ attributes, status, events = [], links = [] }: OtlpSpan): TraceRow {
  return {
    SpanAttributes: mapOf(attributes),
    StatusCode: statuses[status?.code ?? 0] ?? 'Unset',
    StatusMessage: status?.message ?? '',
    'Events.Timestamp': events.map((event) => instant(BigInt(event.timeUnixNano ?? 0))),
    'Events.Name': events.map((event) => event.name ?? ''),
    'Events.Attributes': events.map((event) => mapOf(event.attributes)),
    'Links.TraceId': links.map((link) => link.traceId ?? ''),
    'Links.SpanId': links.map((link) => link.spanId ?? ''),
    'Links.TraceState': links.map((link) => link.traceState ?? ''),
    'Links.Attributes': links.map((link) => mapOf(link.attributes)),
  };
}

/** Seconds with nine digits, as DateTime64(9) reads them. */
function instant(nanos: bigint): string {
  return `${nanos / 1_000_000_000n}.${String(nanos % 1_000_000_000n).padStart(9, '0')}`;
}

function mapOf(attributes: readonly KeyValue[] = []): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, textOf(value)]));
}

function textOf(value: AnyValue | undefined): string {
  const plain = plainOf(value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

function plainOf(value: AnyValue = {}): unknown {
  if (value.arrayValue !== undefined) return valuesOf(value.arrayValue).map(plainOf);
  if (value.kvlistValue !== undefined) return mapOf(value.kvlistValue.values);
  // Whole numbers are 64 bits wide and come as text or number: both become text.
  return value.intValue?.toString() ?? scalarOf(value);
}

function scalarOf({ stringValue, boolValue, doubleValue, bytesValue }: AnyValue): string | number | boolean {
  return stringValue ?? boolValue ?? doubleValue ?? bytesValue ?? '';
}

function valuesOf(array: { readonly values?: readonly AnyValue[] }): readonly AnyValue[] {
  return array.values ?? [];
}
