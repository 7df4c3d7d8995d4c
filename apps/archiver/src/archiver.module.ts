import type { DynamicModule } from '@nestjs/common';
import { connectKafka, PartitionGroup } from '@paceline/adapter-kafka';
import { Codec, registryIds } from '@paceline/contracts';
import { kafkaConnectionOf, registryOf, type ServiceBlueprint, type ServiceContext, type ServiceDefinition } from '@paceline/runtime';
import { archiveOptions, ArchiveEventsHandler } from './archive-events.handler.ts';
import type { ArchiveTaskOptions } from './archive-task.ts';
import { ArchiveTelemetry } from './archive-telemetry.ts';
import { archiverConfigSchema, clickHouseOf, type ArchiverConfig } from './config.ts';
import { EventStore } from './event-store.ts';
import { systemTimers } from './timers.ts';

const moduleOf = (options: Omit<ArchiveTaskOptions, 'opening'>): DynamicModule => ({
  module: class ArchiverModule {},
  controllers: [ArchiveEventsHandler],
  providers: [{ provide: archiveOptions, useValue: options }],
});

function build(context: ServiceContext<ArchiverConfig>): ServiceBlueprint {
  const { config, logger, clock, tracing, metrics, settings, instance, name } = context;
  const { eventsDays, contactsDays } = settings.retention;
  const codec = new Codec(registryIds(registryOf(config)));
  const kafka = connectKafka({ ...kafkaConnectionOf(config), clientId: instance }, logger);
  const store = new EventStore({
    settings: clickHouseOf(config),
    retention: { eventsDays, personalDays: contactsDays },
    migrate: config.CLICKHOUSE_MIGRATE,
    timers: systemTimers,
    logger,
  });
  const group = new PartitionGroup({
    kafka,
    codec,
    group: 'archiver',
    clock,
    logger,
    stateDir: config.PACELINE_DATA_DIR,
    // The archive flushes about once a second anyway.
    fetch: { minBytes: 131_072, maxWaitMs: 500 },
  });
  const schemas = { name: 'schemas', start: () => codec.warm(), stop: () => Promise.resolve() };
  const module = moduleOf({
    blocks: store.blocks,
    clock,
    timers: systemTimers,
    observer: new ArchiveTelemetry(logger, tracing, metrics),
    blockRows: config.ARCHIVE_BLOCK_ROWS,
    flushMs: config.ARCHIVE_FLUSH_MS,
    fail: (error) => context.fail(error),
  });
  return { module, parts: [schemas, store], strategies: [Object.assign(group, { name })] };
}

/** Topics in, ClickHouse out. It writes nothing to Kafka but its offsets and the dead letters of undecodable records. */
export const archiverService: ServiceDefinition<ArchiverConfig> = { name: 'archiver', config: archiverConfigSchema, build };
