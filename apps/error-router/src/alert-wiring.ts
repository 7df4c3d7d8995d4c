import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Provider } from '@nestjs/common';
import { partitionOfKey, PartitionGroup, TableLog } from '@paceline/adapter-kafka';
import { partitionsOf, type EventOf } from '@paceline/contracts';
import type { ServiceBlueprint, ServiceContext } from '@paceline/runtime';
import { AlertMetrics } from './alert-metrics.ts';
import { AlertWebhooks } from './alert-webhooks.ts';
import { alertingParts } from './alerting.handler.ts';
import { ControlIndex } from '@paceline/domain/controls';
import type { AlertingParts } from './alerting.task.ts';
import type { ErrorRouterConfig } from './config.ts';
import { intervalScheduler } from './scheduler.ts';

type Connection = Pick<ConstructorParameters<typeof PartitionGroup>[0], 'kafka' | 'codec'>;

interface AlertWiring {
  readonly providers: readonly Provider[];
  readonly parts: ServiceBlueprint['parts'];
  readonly strategies: readonly PartitionGroup[];
}

/** Nobody waits for alerts: fetched in large bites. */
const fetch = { minBytes: 65_536, maxWaitMs: 1_000 };

/** Signals, dead letters and the controls in, outcomes out by Kafka; messages out by HTTP. */
export function alertWiring(context: ServiceContext<ErrorRouterConfig>, { kafka, codec }: Connection): AlertWiring {
  const { config, settings, clock, logger } = context;
  const tables = new TableLog({ kafka, codec, clock, logger });
  const table = tables.table<EventOf<'ControlSet'>>('paceline.controls');
  const metrics = new AlertMetrics(context.metrics);
  const webhooks = new AlertWebhooks({
    webhooks: settings.alerts.webhooks,
    pause: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
    ...{ metrics, logger },
  });
  const parts: AlertingParts = {
    accounts: settings.accounts.map(({ name }) => name),
    partitionOf: (account) => partitionOfKey(account, partitionsOf.account),
    scheduler: intervalScheduler,
    everyMs: config.ERROR_ROUTER_ALERTS_MS,
    tell: (message, reached) => webhooks.tell(message, reached),
    fail: (error) => context.fail(error),
    controls: { inForce: ControlIndex.over(table), isFresh: () => table.isFresh() },
    ...{ clock, metrics, logger },
  };
  const stateDir = join(config.PACELINE_DATA_DIR, 'error-router');
  return {
    providers: [{ provide: alertingParts, useValue: parts }],
    parts: [tables, webhooks],
    strategies: [new PartitionGroup({ kafka, codec, group: 'alerts', clock, logger, stateDir, lingerMs: 500, fetch })],
  };
}
