import { AlwaysOnSampler, InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { otelTracing } from './otel-tracing.ts';
import { recordingTracing } from './tracing-recorder.ts';
import type { Tracing } from './tracing.ts';
import { parseTraceparent } from './traceparent.ts';

const TRACE = 'a'.repeat(32);
const PARENT = 'b'.repeat(16);
const sampled = { traceparent: `00-${TRACE}-${PARENT}-01` };
const unsampled = { traceparent: `00-${TRACE}-${PARENT}-00` };

interface Subject {
  readonly tracing: Tracing;
  readonly names: () => string[];
}

function overOpenTelemetry(ratio: number, draw = 0.5) {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ sampler: new AlwaysOnSampler(), spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracing = otelTracing({ tracer: provider.getTracer('spec'), ratio, random: () => draw, now: () => 5_000_000 });
  return { tracing, exporter, names: () => exporter.getFinishedSpans().map((span) => span.name) };
}

function recorder(ratio: number): Subject {
  const tracing = recordingTracing({ sampled: ratio === 1 });
  return { tracing, names: () => tracing.spans.filter((span) => span.ended).map((span) => span.name) };
}

describe.each([
  ['over OpenTelemetry', (ratio: number): Subject => overOpenTelemetry(ratio)],
  ['recorded for specs', recorder],
])('tracing %s', (_name, subject) => {
  test('a kept root carries its trace to its children', () => {
    const { tracing, names } = subject(1);
    const root = tracing.root('batch');
    const child = tracing.child('slot', root.headers);
    expect(child.traceId).toBe(root.traceId);
    expect(child.headers['traceparent']).not.toBe(root.headers['traceparent']);
    child.end();
    root.end();
    root.end();
    expect(names().toSorted()).toEqual(['batch', 'slot']);
  });

  test('a root that is not kept has no trace, and its children neither', () => {
    const { tracing, names } = subject(0);
    const root = tracing.root('batch');
    const child = tracing.child('slot', root.headers);
    expect([root.traceId, root.headers, child.traceId, child.headers]).toEqual([null, {}, null, {}]);
    child.end();
    root.end();
    expect(names()).toEqual([]);
  });

  test("children follow the parent's flag, whatever the own ratio", () => {
    const { tracing } = subject(0);
    expect(tracing.child('a', sampled).traceId).toBe(TRACE);
    const inert = tracing.child('b', unsampled);
    expect([inert.traceId, inert.headers]).toEqual([null, unsampled]);
  });

  test.each([{}, { traceparent: '' }, { traceparent: `00-${'0'.repeat(32)}-${PARENT}-01` }, { traceparent: `ff-${TRACE}-${PARENT}-01` }])(
    'no or a broken parent (%j) means no trace',
    (headers) => {
      expect(subject(1).tracing.child('a', headers).traceId).toBeNull();
    },
  );
});

describe('spans over OpenTelemetry', () => {
  test('have their parent, times in microseconds, links, attributes and failure', () => {
    const { tracing, exporter } = overOpenTelemetry(1);
    const span = tracing.child('call', sampled, {
      startMicros: 1_700_000_000_123_456,
      kind: 'client',
      links: [sampled, unsampled, {}],
      attributes: { lane: 'messages' },
    });
    span.set({ status: 201 });
    span.fail('cannot reach +15005550006');
    span.end(1_700_000_000_123_999);
    const [told] = exporter.getFinishedSpans();
    expect(told).toMatchObject({
      name: 'call',
      startTime: [1_700_000_000, 123_456_000],
      endTime: [1_700_000_000, 123_999_000],
      attributes: { lane: 'messages', status: 201 },
      parentSpanContext: { traceId: TRACE, spanId: PARENT },
      links: [{ context: { traceId: TRACE, spanId: PARENT } }],
      status: { message: 'cannot reach [number]' },
    });
    expect(parseTraceparent(span.headers['traceparent'])?.spanId).toBe(told?.spanContext().spanId);
  });

  test('the share of kept roots is the ratio', () => {
    expect(overOpenTelemetry(0.5, 0.49).tracing.root('a').traceId).not.toBeNull();
    expect(overOpenTelemetry(0.5, 0.5).tracing.root('a').traceId).toBeNull();
  });
});

test('the recorder shows parents, times and failures', () => {
  const tracing = recordingTracing();
  const root = tracing.root('batch', { startMicros: 1 });
  const child = tracing.child('slot', root.headers, { kind: 'consumer', links: [sampled] });
  child.fail('late');
  child.end(9);
  expect(tracing.named('slot')).toEqual([
    expect.objectContaining({
      parentSpanId: tracing.spans[0]?.spanId,
      endMicros: 9,
      failure: 'late',
      kind: 'consumer',
      links: [{ traceId: TRACE, spanId: PARENT }],
    }),
  ]);
});
