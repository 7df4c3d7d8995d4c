import { mkdirSync } from 'node:fs';
import type { DestinationStream, Logger } from 'pino';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { SystemClock } from './clock.ts';
import type { Environment } from './environment.ts';
import type { HealthOptions, Observed } from './health.ts';
import { Lifecycle, startFailed, strategyName, type Phase } from './lifecycle.ts';
import { createLogger } from './logger.ts';
import { createNestApp, type NestApp } from './nest-app.ts';
import { readConfiguration } from './read-configuration.ts';
import type { ServiceBlueprint, ServiceContext, ServiceDefinition } from './service.ts';
import { startTelemetry, type Telemetry } from './telemetry.ts';

/** Configuration with problems; all of them, one line each. */
export class ConfigurationInvalid extends Error {
  override readonly name = 'ConfigurationInvalid';
  readonly exitCode = 2;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

export interface ServiceOptions {
  readonly env: Environment;
  /** Where log lines go; standard output when absent. */
  readonly destination?: DestinationStream;
  /** What a part that can neither go on nor recover calls. */
  fail(error: unknown): void;
}

/** A service put together: nothing is listening or consuming before start(). */
export interface Service {
  readonly logger: Logger;
  readonly phase: Phase;
  /** Base URL of health and metrics; undefined before start(). */
  readonly url: string | undefined;
  /** Listens, starts parts and strategies. Rejects with StartFailed; then call stop(). */
  start(): Promise<void>;
  /** Stops all that was started, within the deadline of the settings. True when nothing was late or failed. */
  stop(): Promise<boolean>;
}

export interface RunningService extends Service {
  readonly url: string;
}

function contextOf<C extends object>(
  definition: ServiceDefinition<C>,
  options: ServiceOptions,
): { context: ServiceContext<C>; telemetry: Telemetry } {
  const read = readConfiguration(definition.config, options.env);
  if (!read.ok) throw new ConfigurationInvalid(read.problems);
  const { config, settings } = read;
  const { name } = definition;
  const instance = `${name}-${process.pid}-${Date.now().toString(36)}`;
  const { destination } = options;
  const logger = createLogger({ service: name, instance, level: config.LOG_LEVEL, ...(destination === undefined ? {} : { destination }) });
  const clock = new SystemClock();
  const metrics = new Registry();
  metrics.setDefaultLabels({ service: name });
  collectDefaultMetrics({ register: metrics });
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, PACELINE_TRACE_RATIO: ratio } = config;
  const telemetry = startTelemetry({ service: name, instance, endpoint, ratio, clock, logger });
  const fail = (error: unknown): void => options.fail(error);
  return { context: { name, instance, config, settings, logger, clock, tracing: telemetry.tracing, metrics, fail }, telemetry };
}

const observedOf = ({ parts, strategies = [] }: ServiceBlueprint): Observed[] => [
  ...parts,
  ...strategies.map((strategy) => ({
    name: strategyName(strategy),
    ready: () => strategy.ready?.() ?? true,
    alive: () => strategy.alive?.() ?? true,
  })),
];

/** Waits for work that must not outlive the deadline; false when it failed or was late. */
async function within(ms: number, work: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, ms));
  });
  const done = work().then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]).finally(() => clearTimeout(timer));
}

interface Assembled<C extends object> {
  readonly context: ServiceContext<C>;
  readonly telemetry: Telemetry;
  readonly lifecycle: Lifecycle;
  readonly app: NestApp;
}

async function assemble<C extends object>(definition: ServiceDefinition<C>, options: ServiceOptions): Promise<Assembled<C>> {
  const { context, telemetry } = contextOf(definition, options);
  const { logger, instance, metrics, config } = context;
  try {
    mkdirSync(config.PACELINE_DATA_DIR, { recursive: true });
    const blueprint = await definition.build(context);
    const phase = (): Phase => lifecycle.phase;
    const health: HealthOptions = { service: definition.name, instance, phase, observed: observedOf(blueprint) };
    const app = await createNestApp({ blueprint, health, metrics, logger });
    const { parts, strategies = [] } = blueprint;
    const lifecycle: Lifecycle = new Lifecycle({ parts, strategies, listen: (strategy) => app.listen(strategy), logger });
    return { context, telemetry, lifecycle, app };
  } catch (error) {
    await telemetry.stop();
    throw startFailed('not started', error);
  }
}

/** Puts a service together from its definition: configuration first, so that nothing exists when it is wrong. */
export async function createService<C extends object>(definition: ServiceDefinition<C>, options: ServiceOptions): Promise<Service> {
  const since = performance.now();
  const { context, telemetry, lifecycle, app } = await assemble(definition, options);
  const { logger, config, settings } = context;
  let url: string | undefined;
  return {
    logger,
    get phase() {
      return lifecycle.phase;
    },
    get url() {
      return url;
    },
    async start() {
      url = await app.serve(config.HOST, config.PORT);
      await lifecycle.start();
      if (lifecycle.phase === 'ready') logger.info({ url, ms: Math.round(performance.now() - since) }, 'ready');
    },
    async stop() {
      const until = performance.now() + settings.shutdown.deadlineMs;
      const stopped = await lifecycle.stop(settings.shutdown.deadlineMs);
      const closed = await within(until - performance.now(), () => app.close());
      const flushed = await within(until - performance.now(), () => telemetry.stop());
      return stopped && closed && flushed;
    },
  };
}

/** Creates and starts a service inside the calling process, for specs and tools: no signals, no exit. */
export async function startService<C extends object>(definition: ServiceDefinition<C>, options: ServiceOptions): Promise<RunningService> {
  const service = await createService(definition, options);
  try {
    await service.start();
  } catch (error) {
    await service.stop();
    throw error;
  }
  return service as RunningService;
}
