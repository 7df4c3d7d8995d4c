/** One span of a trace; microseconds UTC. */
export interface WaterfallSpan {
  readonly name: string;
  readonly service: string;
  readonly startMicros: number;
  readonly endMicros: number;
  readonly spanId: string;
  /** Null or unknown = a root. */
  readonly parentSpanId: string | null;
}

interface Placed {
  readonly span: WaterfallSpan;
  readonly depth: number;
}

/** Parents before children, siblings by start; each span once, even when its parents form a circle. */
function placed(spans: readonly WaterfallSpan[]): Placed[] {
  const byStart = [...spans].sort((a, b) => a.startMicros - b.startMicros);
  const ids = new Set(byStart.map(({ spanId }) => spanId));
  const out: Placed[] = [];
  const seen = new Set<string>();
  const visit = (span: WaterfallSpan, depth: number): void => {
    if (seen.has(span.spanId)) return;
    seen.add(span.spanId);
    out.push({ span, depth });
    for (const child of byStart) if (child.parentSpanId === span.spanId) visit(child, depth + 1);
  };
  for (const span of byStart) if (span.parentSpanId === null || !ids.has(span.parentSpanId)) visit(span, 0);
  for (const span of byStart) visit(span, 0);
  return out;
}

interface Scale {
  readonly start: number;
  readonly total: number;
  readonly width: number;
}

function barOf({ startMicros, endMicros }: WaterfallSpan, { start, total, width }: Scale): string {
  const from = Math.min(width - 1, Math.floor(((startMicros - start) / total) * width));
  const to = Math.max(from + 1, Math.min(width, Math.ceil(((endMicros - start) / total) * width)));
  return `${' '.repeat(from)}${'█'.repeat(to - from)}${' '.repeat(width - to)}`;
}

/** A trace as text: one line per span with its place in time, its duration and, indented, its name and service. */
export function renderWaterfall(spans: readonly WaterfallSpan[], { width = 48 }: { readonly width?: number } = {}): string {
  if (spans.length === 0) return 'no spans';
  const start = spans.reduce((least, { startMicros }) => Math.min(least, startMicros), Infinity);
  const end = spans.reduce((most, { endMicros }) => Math.max(most, endMicros), -Infinity);
  const scale = { start, total: Math.max(1, end - start), width };
  const lines = placed(spans).map(({ span, depth }) => {
    const offset = `+${((span.startMicros - start) / 1000).toFixed(1)}`;
    const duration = `${((span.endMicros - span.startMicros) / 1000).toFixed(1)} ms`;
    return { label: `${'  '.repeat(depth)}${span.name} (${span.service})`, offset, duration, bar: barOf(span, scale) };
  });
  const longest = (of: (line: (typeof lines)[number]) => string): number => Math.max(...lines.map((line) => of(line).length));
  const [label, offset, duration] = [longest((l) => l.label), longest((l) => l.offset), longest((l) => l.duration)];
  return lines
    .map((line) => `${line.label.padEnd(label)}  ${line.offset.padStart(offset)}  ${line.duration.padStart(duration)}  |${line.bar}|`)
    .join('\n');
}
