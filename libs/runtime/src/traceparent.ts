/** The W3C trace context of one span. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const SHAPE = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(|-.*)$/;

const isZero = (id: string): boolean => /^0+$/.test(id);

/** Version 00 has exactly four fields, later ones may have more, ff is forbidden. */
const isVersion = (version: string, rest: string): boolean => version !== 'ff' && (version !== '00' || rest === '');

/** Reads a `traceparent`; undefined when it is absent or breaks the W3C rules, which then means: no trace. */
export function parseTraceparent(value: string | undefined): TraceContext | undefined {
  const match = SHAPE.exec(value ?? '');
  if (match === null) return undefined;
  const [version, traceId, spanId, flags, rest] = match.slice(1).map(String) as [string, string, string, string, string];
  if (!isVersion(version, rest) || isZero(traceId) || isZero(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export const formatTraceparent = (context: TraceContext): string =>
  `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
