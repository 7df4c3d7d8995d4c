import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import { connectKafka, KafkaFactWriter, PartitionGroup, TableReader } from '@paceline/adapter-kafka';
import { UndiciCallTwilio, type TwilioAccount } from '@paceline/adapter-twilio';
import { Codec, partitionsOf, registryIds, type EventOf } from '@paceline/contracts';
import type { CallSettings, DisposalRules } from '@paceline/domain/sending';
import {
  kafkaConnectionOf,
  registryOf,
  type AccountSettings,
  type ServiceBlueprint,
  type ServiceContext,
  type ServiceDefinition,
  type Settings,
} from '@paceline/runtime';
import { AccountPlaces } from './account-places.ts';
import { CallRunner } from './call-runner.ts';
import { CallsUnderWay } from './calls-under-way.ts';
import { checkpointOf, senderConfig, type SenderConfig } from './config.ts';
import { OwnedPartitions } from './owned-partitions.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';
import { ResponseOutbox } from './response-outbox.ts';
import { SendGates } from './send-gates.ts';
import { SendSlotsHandler, slotTasks } from './send-slots.handler.ts';
import { SenderGauges } from './sender-gauges.ts';
import { systemScheduler } from './sender-ports.ts';
import { SlotTasks } from './slot-tasks.ts';

@Module({})
class SenderModule {}

const written = ['AttemptStarted', 'SlotReturned', 'RequestClosed', 'ResponseRecorded', 'SenderGauged', 'DeadLettered'] as const;

/** Signs in with the API key when there is one, else with the account's first auth token. */
function twilioAccount({ name, sid, apiKey, apiSecret, authToken, baseUrl, maxInFlight }: AccountSettings): TwilioAccount {
  const signIn =
    apiKey !== undefined && apiSecret !== undefined
      ? { username: apiKey, password: apiSecret.reveal() }
      : { username: sid, password: authToken[0]?.reveal() ?? '' };
  return { name, sid, ...signIn, baseUrl, maxInFlight };
}

/** Slots come well ahead of their instant: waiting for a few costs nothing, fetching each alone would. */
const slotFetch = { minBytes: 8_192, maxWaitMs: 100 };

const callSettingsOf = (settings: Settings): ReadonlyMap<string, CallSettings> =>
  new Map(settings.accounts.map(({ name, sid, callbacks }) => [name, { accountSid: sid, callbacksUrl: callbacks?.publicUrl ?? null }]));

const rulesOf = ({ send }: Settings): DisposalRules => ({ ...send, windowMs: 150, maxAheadMs: 2_000, most: 500 });

function adapters(context: ServiceContext<SenderConfig>) {
  const { config, settings, logger, clock, instance } = context;
  const kafka = connectKafka({ ...kafkaConnectionOf(config), clientId: instance }, logger);
  const codec = new Codec(registryIds(registryOf(config)));
  const shared = { kafka, codec, clock, logger };
  return {
    schemas: { name: 'schemas', start: () => codec.warm(written), stop: () => Promise.resolve() },
    facts: new KafkaFactWriter(shared),
    controls: new TableReader<EventOf<'ControlSet'>>({ ...shared, topic: 'paceline.controls' }),
    suppressions: new TableReader<EventOf<'SuppressionSet'>>({ ...shared, topic: 'paceline.suppressions' }),
    group: new PartitionGroup({ ...shared, group: 'sender', stateDir: join(config.PACELINE_DATA_DIR, 'sender'), fetch: slotFetch }),
    twilio: new UndiciCallTwilio({
      accounts: settings.accounts.map(twilioAccount),
      clientTimeoutMs: settings.reconcile.clientTimeoutMs,
      nowMs: () => clock.monotonicMs(),
    }),
  };
}

type Adapters = ReturnType<typeof adapters>;

/** What all tasks of the process share. */
function sharedParts(context: ServiceContext<SenderConfig>, { facts, twilio, controls, suppressions }: Adapters) {
  const { config, settings, logger, clock, tracing: spans, instance: sender } = context;
  const scheduler = systemScheduler;
  const checkpoint = checkpointOf(config);
  const metrics = new PrometheusMetrics(context.metrics);
  const owned = new OwnedPartitions(partitionsOf.request);
  const gates = new SendGates({ controls, suppressions }, clock);
  const caps = new Map(settings.accounts.map(({ name, maxInFlight }) => [name, maxInFlight]));
  const capSource = { configured: (name: string) => caps.get(name) ?? null, lowered: (name: string) => gates.capOf(name) };
  const places = new AccountPlaces(capSource, owned, clock);
  const outbox = new ResponseOutbox({ facts, scheduler, checkpoint, logger, lingerMs: config.SENDER_RESPONSE_LINGER_MS });
  const base = { clock, scheduler, spans, metrics, places, gates, outbox, checkpoint, sender, logger };
  return { ...base, owned, runner: new CallRunner({ ...base, twilio }) };
}

const moduleOf = (tasks: SlotTasks): DynamicModule => ({
  module: SenderModule,
  controllers: [SendSlotsHandler],
  providers: [{ provide: slotTasks, useValue: tasks }],
});

function build(context: ServiceContext<SenderConfig>): ServiceBlueprint {
  const { settings, config } = context;
  const vendors = adapters(context);
  const shared = sharedParts(context, vendors);
  const callSettings = callSettingsOf(settings);
  const { deadlineMs } = settings.shutdown;
  const tasks = new SlotTasks({
    ...shared,
    rules: rulesOf(settings),
    queueBound: config.SENDER_QUEUE_BOUND,
    graceMs: deadlineMs / 4,
    callSettings: (account) => callSettings.get(account),
  });
  const accounts = [...callSettings.keys()];
  const gauges = new SenderGauges({ ...shared, accounts, facts: vendors.facts });
  const calls = new CallsUnderWay({ ...shared, disconnect: () => vendors.twilio.stop(), graceMs: deadlineMs / 2 });
  return {
    module: moduleOf(tasks),
    parts: [vendors.schemas, vendors.facts, vendors.controls, vendors.suppressions, calls, gauges],
    strategies: [Object.assign(vendors.group, { name: 'sender' })],
  };
}

/** Slots in; one call per claim out. Nothing is kept but the two tables. */
export const senderService: ServiceDefinition<SenderConfig> = { name: 'sender', config: senderConfig, build };
