import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import type { Logger } from 'pino';
import type { SystemClock } from './clock.ts';
import { otelTracing } from './otel-tracing.ts';
import { inertSpan, inertSpanOf, type Tracing } from './tracing.ts';
import { parseTraceparent } from './traceparent.ts';

export interface Telemetry {
  readonly tracing: Tracing;
  /** Exports what is waiting, within a bounded time; never rejects. */
  stop(): Promise<void>;
}

export interface TelemetryOptions {
  readonly service: string;
  readonly instance: string;
  /** Of an OTLP/HTTP collector; without one nothing is recorded. */
  readonly endpoint: string | undefined;
  readonly ratio: number;
  readonly clock: SystemClock;
  readonly logger: Logger;
}

/** Ended spans waiting for the collector; beyond it the newest are dropped: memory is bounded, the work goes on. */
const MAX_QUEUE = 8_192;
const EXPORT_TIMEOUT_MS = 3_000;

/** Passes a parent's headers on and records nothing. */
const unrecorded: Tracing = {
  root: () => inertSpan,
  child(_name, headers) {
    const traceparent = headers['traceparent'];
    return traceparent === undefined || parseTraceparent(traceparent) === undefined ? inertSpan : inertSpanOf(traceparent);
  },
};

type Outcome = Parameters<Parameters<SpanExporter['export']>[1]>[0];

/** ExportResultCode.SUCCESS; the enum is in a package we do not depend on. */
const SUCCESS: Outcome['code'] = 0;

/** A collector that is away costs its spans and one warning, until it is back. */
function quietly(exporter: SpanExporter, logger: Logger, url: string): SpanExporter {
  let away = false;
  const note = (outcome: Outcome): void => {
    const failed = outcome.code !== SUCCESS;
    if (failed && !away)
      logger.warn(
        { url, problem: outcome.error?.message ?? 'refused' },
        'traces cannot be exported; they are dropped until the collector is back',
      );
    if (!failed && away) logger.info({ url }, 'traces are exported again');
    away = failed;
  };
  return {
    export(spans, done) {
      exporter.export(spans, (outcome) => {
        note(outcome);
        // Success is told even for a lost batch: a failure here would be printed by the SDK each time.
        done({ code: SUCCESS });
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}

/** Starts tracing of a service towards an OTLP/HTTP collector, JSON; no global state of OpenTelemetry is set. */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const { endpoint, clock, logger } = options;
  if (endpoint === undefined) return { tracing: unrecorded, stop: () => Promise.resolve() };
  const url = `${endpoint}/v1/traces`;
  const exporter = quietly(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS }), logger, url);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: `paceline-${options.service}`, [ATTR_SERVICE_INSTANCE_ID]: options.instance }),
    sampler: new AlwaysOnSampler(),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: MAX_QUEUE,
        maxExportBatchSize: 512,
        scheduledDelayMillis: 1_000,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const tracing = otelTracing({
    tracer: provider.getTracer('paceline'),
    ratio: options.ratio,
    random: () => Math.random(),
    now: () => clock.wallMicros(),
  });
  return {
    tracing,
    stop: () => provider.shutdown().catch((error: unknown) => logger.warn({ err: error }, 'traces were not flushed')),
  };
}
