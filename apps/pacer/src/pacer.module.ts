import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { connectKafka, KafkaLogTrim, PartitionGroup, partitionOfKey, TableLog } from '@paceline/adapter-kafka';
import { RowStoreFolder } from '@paceline/adapter-store';
import { Codec, ErrorTable, groups, partitionsOf, registryIds, topics, type EventOf, type TopicName } from '@paceline/contracts';
import { ControlIndex } from '@paceline/domain/controls';
import { accountTermsOf, SenderGaugeBoard, SignalSteward } from '@paceline/domain/pacing';
import type { Table } from '@paceline/pipeline';
import { kafkaConnectionOf, registryOf, type ServiceContext, type ServiceDefinition } from '@paceline/runtime';
import { pacerConfig, type PacerConfig } from './config.ts';
import { PaceRequestsHandler, pacerParts } from './pace-requests.handler.ts';
import { PacerMetrics } from './pacer-metrics.ts';
import type { PaceControls, PacerParts } from './pacer-parts.ts';
import { OpenPartitions, PacingReportController, pacingReports } from './pacing-report.controller.ts';
import { RequestTrimmer } from './request-trimmer.ts';
import { timerScheduler } from './scheduler.ts';

@Module({})
class PacerModule {}

const requests = 'paceline.requests';

/** Every group that reads a topic by committed offsets; onlookers go on wherever the log begins. */
const readersOf = (topic: TopicName): string[] =>
  Object.values<{ readonly id: string; readonly topics: readonly TopicName[]; readonly onlooker?: true }>(groups)
    .filter((group) => group.topics.includes(topic) && group.onlooker !== true)
    .map(({ id }) => id);

/** Without room for a whole slice between the minimal lead and the lead, slots would be lost at every tick. */
function paceOf({ settings, config }: ServiceContext<PacerConfig>): PacerParts['pace'] {
  const { leadMs, sliceMs, minShare } = settings.pace;
  const minLeadMs = config.PACER_MIN_LEAD_MS;
  if (minLeadMs + sliceMs > leadMs) {
    throw new Error(`pace.leadMs (${leadMs}) must be at least PACER_MIN_LEAD_MS (${minLeadMs}) + pace.sliceMs (${sliceMs})`);
  }
  if (minLeadMs <= settings.send.claimLeadMs) {
    throw new Error(`PACER_MIN_LEAD_MS (${minLeadMs}) must be above send.claimLeadMs (${settings.send.claimLeadMs})`);
  }
  return { leadMs, minLeadMs, sliceMs, minShare };
}

interface Shared {
  readonly controls: PaceControls;
  readonly reports: OpenPartitions;
  readonly trimmer: RequestTrimmer;
}

function partsOf(context: ServiceContext<PacerConfig>, { controls, reports, trimmer }: Shared): PacerParts {
  const { settings, config, clock, tracing, logger } = context;
  const slotsPartitions = partitionsOf.request;
  const stores = new RowStoreFolder(join(config.PACELINE_DATA_DIR, 'pacer', 'waiting'));
  return {
    accounts: new Map(settings.accounts.map((account) => [account.name, accountTermsOf(account, config.PACELINE_CONTACT_KEY.reveal())])),
    pace: paceOf(context),
    maxWaiting: config.PACER_MAX_WAITING,
    maxClosures: config.PACER_MAX_CLOSURES,
    // As if all partitions were its own: that they are is what a takeover may bring at any time.
    residentRows: Math.ceil(config.PACER_RESIDENT_ROWS / partitionsOf.account),
    carrySpan: config.PACER_CARRY_SPAN,
    slots: { partitions: slotsPartitions, of: (requestId) => partitionOfKey(requestId, slotsPartitions) },
    newStore: () => stores.open(),
    newBoard: () => new SenderGaugeBoard(),
    newSteward: stewardsOf(context),
    scheduler: timerScheduler,
    metrics: new PacerMetrics(context.metrics),
    fail: (error) => context.fail(error),
    ...{ clock, tracing, logger, controls, reports, trimmer },
  };
}

function stewardsOf({ settings }: ServiceContext<PacerConfig>): PacerParts['newSteward'] {
  const accounts = new Map(settings.accounts.map((account) => [account.name, account]));
  const table = ErrorTable.of(settings.errorTable);
  return (name, gauges) => {
    const account = accounts.get(name);
    if (account === undefined) throw new Error(`no account ${name} in the settings`);
    const { callsPerSecond, maxInFlight, adaptive } = account;
    return new SignalSteward({
      account: name,
      callsPerSecond,
      maxInFlight,
      adaptive,
      leadMs: settings.pace.leadMs,
      gauges,
      maxThrottledMs: settings.retry.maxTotalWaitMs,
      table,
    });
  };
}

function controlsOf(table: Table<EventOf<'ControlSet'>>): PaceControls {
  const inForce = ControlIndex.over(table);
  return {
    inForce,
    isFresh: () => table.isFresh(),
    onChange: (listener) => table.onChange(listener),
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
    const tables = new TableLog({ kafka, codec, clock, logger });
    const controls = controlsOf(tables.table('paceline.controls'));
    const reports = new OpenPartitions(() => clock.wallMicros());
    const log = new KafkaLogTrim({ kafka, topic: requests, groups: readersOf(requests) });
    const trimmer = new RequestTrimmer({ log, keptMs: topics['paceline.slots'].retentionMs, clock, scheduler: timerScheduler, logger });
    const stateDir = join(config.PACELINE_DATA_DIR, 'pacer');
    const schemas = { name: 'schemas', start: () => codec.warm(), stop: () => Promise.resolve() };
    return {
      module: {
        module: PacerModule,
        controllers: [PaceRequestsHandler, PacingReportController],
        providers: [
          { provide: pacerParts, useValue: partsOf(context, { controls, reports, trimmer }) },
          { provide: pacingReports, useValue: reports },
        ],
      },
      parts: [schemas, tables, log, trimmer],
      strategies: [
        new PartitionGroup({ kafka, codec, group: 'pacer', clock, logger, stateDir, fetch: { minBytes: 16_384, maxWaitMs: 200 } }),
      ],
    };
  },
};
