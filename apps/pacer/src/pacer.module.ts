import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { connectKafka, PartitionGroup, TableReader } from '@paceline/adapter-kafka';
import { Codec, registryIds, type EventOf } from '@paceline/contracts';
import { kafkaConnectionOf, registryOf, type ServiceContext, type ServiceDefinition } from '@paceline/runtime';
import { pacerConfig, type PacerConfig } from './config.ts';
import { PaceRequestsHandler, pacerParts } from './pace-requests.handler.ts';
import { PacerMetrics } from './pacer-metrics.ts';
import type { PaceControlTable, PacerParts } from './pacing.task.ts';
import { timerScheduler } from './scheduler.ts';

@Module({})
class PacerModule {}

const written = ['SlotGranted', 'RowsClosed', 'RequestClosed', 'DeadLettered'] as const;

/** Without room for a whole slice between the minimal lead and the lead, slots would be lost at every tick. */
function paceOf({ settings, config }: ServiceContext<PacerConfig>): PacerParts['pace'] {
  const { leadMs, sliceMs } = settings.pace;
  const minLeadMs = config.PACER_MIN_LEAD_MS;
  if (minLeadMs + sliceMs > leadMs) {
    throw new Error(`pace.leadMs (${leadMs}) must be at least PACER_MIN_LEAD_MS (${minLeadMs}) + pace.sliceMs (${sliceMs})`);
  }
  if (minLeadMs <= settings.send.claimLeadMs) {
    throw new Error(`PACER_MIN_LEAD_MS (${minLeadMs}) must be above send.claimLeadMs (${settings.send.claimLeadMs})`);
  }
  return { leadMs, minLeadMs, sliceMs };
}

function partsOf(context: ServiceContext<PacerConfig>, controls: PaceControlTable): PacerParts {
  const { settings, config, clock, tracing, logger } = context;
  return {
    accounts: new Map(settings.accounts.map(({ name, callsPerSecond }) => [name, callsPerSecond])),
    pace: paceOf(context),
    maxWaiting: config.PACER_MAX_WAITING,
    maxClosures: config.PACER_MAX_CLOSURES,
    controls,
    scheduler: timerScheduler,
    metrics: new PacerMetrics(context.metrics),
    fail: (error) => context.fail(error),
    ...{ clock, tracing, logger },
  };
}

/** Kafka in, Kafka out, and the controls table: the pacer touches nothing else. */
export const pacerService: ServiceDefinition<PacerConfig> = {
  name: 'pacer',
  config: pacerConfig,
  build(context) {
    const { config, logger, clock, instance } = context;
    const kafka = connectKafka({ ...kafkaConnectionOf(config), clientId: instance }, logger);
    const codec = new Codec(registryIds(registryOf(config)));
    const controls = new TableReader<EventOf<'ControlSet'>>({ kafka, codec, topic: 'paceline.controls', clock, logger });
    const stateDir = join(config.PACELINE_DATA_DIR, 'pacer');
    const schemas = { name: 'schemas', start: () => codec.warm([...written]), stop: () => Promise.resolve() };
    return {
      module: {
        module: PacerModule,
        controllers: [PaceRequestsHandler],
        providers: [{ provide: pacerParts, useValue: partsOf(context, controls) }],
      },
      parts: [schemas, controls],
      strategies: [
        new PartitionGroup({ kafka, codec, group: 'pacer', clock, logger, stateDir, fetch: { minBytes: 16_384, maxWaitMs: 100 } }),
      ],
    };
  },
};
