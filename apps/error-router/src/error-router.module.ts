import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { connectKafka, PartitionGroup } from '@paceline/adapter-kafka';
import { Codec, ErrorTable, registryIds } from '@paceline/contracts';
import { horizonMsOf } from '@paceline/domain/routing';
import { kafkaConnectionOf, registryOf, type ServiceContext, type ServiceDefinition } from '@paceline/runtime';
import { alertWiring } from './alert-wiring.ts';
import { AlertingHandler } from './alerting.handler.ts';
import { errorRouterConfig, type ErrorRouterConfig } from './config.ts';
import { RouteResponsesHandler, routerParts } from './route-responses.handler.ts';
import type { RouterParts } from './route-responses.task.ts';
import { RouterMetrics } from './router-metrics.ts';
import { intervalScheduler } from './scheduler.ts';

@Module({})
class ErrorRouterModule {}

function partsOf(context: ServiceContext<ErrorRouterConfig>): RouterParts {
  const { settings, config, clock, tracing, logger } = context;
  const { retry, reconcile, send } = settings;
  return {
    settings: {
      ...retry,
      accountStopHoldMs: config.ERROR_ROUTER_ACCOUNT_HOLD_MS,
      horizonMs: horizonMsOf({ ...reconcile, ...send }),
      table: ErrorTable.of(settings.errorTable),
    },
    sweepMs: config.ERROR_ROUTER_SWEEP_MS,
    random: Math.random,
    scheduler: intervalScheduler,
    metrics: new RouterMetrics(context.metrics),
    fail: (error) => context.fail(error),
    ...{ clock, tracing, logger },
  };
}

/** Kafka in, Kafka out, and messages of alerts to the webhooks of the settings: the router touches nothing else. */
export const errorRouterService: ServiceDefinition<ErrorRouterConfig> = {
  name: 'error-router',
  config: errorRouterConfig,
  build(context) {
    const { config, logger, clock, instance } = context;
    const kafka = connectKafka({ ...kafkaConnectionOf(config), clientId: instance }, logger);
    const codec = new Codec(registryIds(registryOf(config)));
    const stateDir = join(config.PACELINE_DATA_DIR, 'error-router');
    const alerts = alertWiring(context, { kafka, codec });
    return {
      module: {
        module: ErrorRouterModule,
        controllers: [RouteResponsesHandler, AlertingHandler],
        providers: [{ provide: routerParts, useValue: partsOf(context) }, ...alerts.providers],
      },
      parts: [{ name: 'schemas', start: () => codec.warm(), stop: () => Promise.resolve() }, ...alerts.parts],
      strategies: [
        new PartitionGroup({
          kafka,
          codec,
          group: 'error-router',
          clock,
          logger,
          stateDir,
          lingerMs: config.ERROR_ROUTER_LINGER_MS,
          fetch: { minBytes: 65_536, maxWaitMs: 150 },
        }),
        ...alerts.strategies,
      ],
    };
  },
};
