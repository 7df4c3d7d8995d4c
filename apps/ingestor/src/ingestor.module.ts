import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { DynamicModule } from '@nestjs/common';
import { connectKafka, KafkaFactWriter, KafkaLogReader, PartitionGroup, TableLog } from '@paceline/adapter-kafka';
import { connectS3, FolderPlace, S3Place, type ObjectPlace } from '@paceline/adapter-objects';
import { Codec, registryIds, type EventOf } from '@paceline/contracts';
import { ControlIndex } from '@paceline/domain/controls';
import { channelsOf, SuppressionIndex } from '@paceline/domain/sending';
import type { Table } from '@paceline/pipeline';
import { kafkaConnectionOf, registryOf, type ServiceContext, type ServiceDefinition } from '@paceline/runtime';
import { ingestorConfig, type IngestorConfig } from './config.ts';
import { FileDiscovery } from './discover-files.ts';
import { ingestMetrics } from './metrics.ts';
import type { IngestDeps } from './ports.ts';
import { ReadFileHandler } from './read-file.handler.ts';
import { ReadIntakeHandler } from './read-intake.handler.ts';
import type { ResendDeps } from './resend-ports.ts';
import { ResendRowsHandler } from './resend-rows.handler.ts';
import { ingestDeps, resendDeps } from './tokens.ts';

type Context = ServiceContext<IngestorConfig>;

/** Folders and buckets of the settings; an intake topic is no place. */
function placesOf({ settings, config, clock }: Context): ObjectPlace[] {
  const client = settings.sources.some(({ bucket }) => bucket !== undefined)
    ? connectS3({ region: config.S3_REGION, ...(config.S3_ENDPOINT === undefined ? {} : { endpoint: config.S3_ENDPOINT }) })
    : null;
  return settings.sources.flatMap(({ name, folder, bucket, prefix = '', stableMs }): ObjectPlace[] => {
    if (folder !== undefined) return [new FolderPlace({ source: name, folder, stableMs, clock })];
    return bucket === undefined || client === null ? [] : [new S3Place({ source: name, bucket, prefix, client })];
  });
}

interface Tables {
  readonly controls: Table<EventOf<'ControlSet'>>;
  readonly suppressions: Table<EventOf<'SuppressionSet'>>;
}

function depsOf(context: Context, places: readonly ObjectPlace[], { controls, suppressions }: Tables): IngestDeps {
  const { settings, config, clock, tracing, logger, metrics } = context;
  const index = new SuppressionIndex();
  suppressions.onChange((key, data) => index.apply(key, data));
  return {
    settings: {
      accounts: new Set(settings.accounts.map(({ name }) => name)),
      quietAccounts: new Set(settings.accounts.filter(({ quietHours }) => quietHours !== undefined).map(({ name }) => name)),
      sources: settings.sources,
      contactKey: config.PACELINE_CONTACT_KEY.reveal(),
      traceRatio: config.PACELINE_TRACE_RATIO,
      spoolFolder: join(config.PACELINE_DATA_DIR, 'ingestor', 'refused-rows'),
    },
    places,
    clock,
    tracing,
    logger,
    metrics: ingestMetrics(metrics),
    controls: ControlIndex.over(controls),
    suppressedBecause: ({ contact, api, to, params, sender }, now) =>
      index.find({ contact, channels: channelsOf(api, { to, params }), sender }, now)?.reason ?? null,
    pause: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
  };
}

const resendDepsOf = (deps: IngestDeps, log: KafkaLogReader): ResendDeps => ({
  ...deps,
  scan: (topics, each, until) => log.scan(topics, ({ event }) => each(event), until),
  chunkRows: 500,
});

const moduleOf = (deps: IngestDeps, log: KafkaLogReader, hasIntake: boolean): DynamicModule => ({
  module: class IngestorModule {},
  controllers: [ReadFileHandler, ResendRowsHandler, ...(hasIntake ? [ReadIntakeHandler] : [])],
  providers: [
    { provide: ingestDeps, useValue: deps },
    { provide: resendDeps, useValue: resendDepsOf(deps, log) },
  ],
});

/** Finds files, admits their rows, resends rows: folder, bucket, intake topic and commands in; requests, refusals and batches out. */
export const ingestorService: ServiceDefinition<IngestorConfig> = {
  name: 'ingestor',
  config: ingestorConfig,
  async build(context) {
    const { settings, config, clock, logger } = context;
    const kafka = connectKafka({ ...kafkaConnectionOf(config), clientId: context.instance }, logger);
    const codec = new Codec(registryIds(registryOf(config)));
    await codec.warm();
    const tables = new TableLog({ kafka, codec, clock, logger });
    const controls = tables.table<EventOf<'ControlSet'>>('paceline.controls');
    const suppressions = tables.table<EventOf<'SuppressionSet'>>('paceline.suppressions');
    const facts = new KafkaFactWriter({ kafka, codec, logger });
    const places = placesOf(context);
    const hasIntake = settings.sources.some(({ topic }) => topic === 'paceline.intake');
    const discovery = new FileDiscovery({ sources: settings.sources, places, facts, clock, logger, pollMs: settings.ingest.pollMs });
    const stateDir = join(config.PACELINE_DATA_DIR, 'ingestor');
    const groupOf = (group: 'ingestor' | 'resend' | 'intake'): PartitionGroup =>
      new PartitionGroup({ kafka, codec, group, clock, logger, stateDir });
    return {
      module: moduleOf(depsOf(context, places, { controls, suppressions }), new KafkaLogReader({ kafka, codec }), hasIntake),
      parts: [tables, facts, discovery],
      strategies: [groupOf('ingestor'), groupOf('resend'), ...(hasIntake ? [groupOf('intake')] : [])],
    };
  },
};
