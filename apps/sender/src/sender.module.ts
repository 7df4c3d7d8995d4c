import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import { connectKafka, KafkaFactWriter, PartitionGroup, TableLog } from '@paceline/adapter-kafka';
import { topicStrength } from './topic-strength.ts';
import type { TwilioAccount } from '@paceline/adapter-twilio';
import { Codec, partitionsOf, registryIds, type EventOf } from '@paceline/contracts';
import type { CallSettings, DisposalRules } from '@paceline/domain/sending';
import {
  kafkaConnectionOf,
  registryOf,
  type ServiceBlueprint,
  type ServiceContext,
  type ServiceDefinition,
  type Settings,
} from '@paceline/runtime';
import { AccountPlaces } from './account-places.ts';
import { CallRunner } from './call-runner.ts';
import { CallsUnderWay } from './calls-under-way.ts';
import { ClaimCloser } from './claim-closer.ts';
import { ClaimLead } from './claim-lead.ts';
import { tellCheckpoint } from './checkpoint.ts';
import { senderConfig, type SenderConfig } from './config.ts';
import { CredentialWatch } from './credential-watch.ts';
import { FiringThread } from './firing-thread.ts';
import { OwnedPartitions } from './owned-partitions.ts';
import { PendingClaims } from './pending-claims.ts';
import { PrometheusMetrics } from './prometheus-metrics.ts';
import { ResponseOutbox } from './response-outbox.ts';
import { SendGates } from './send-gates.ts';
import { SendSlotsHandler, slotTasks } from './send-slots.handler.ts';
import { SenderGauges } from './sender-gauges.ts';
import { systemScheduler, type Scheduler } from './sender-ports.ts';
import { SlotTasks } from './slot-tasks.ts';
import { twilioAccount } from './twilio-account.ts';

@Module({})
class SenderModule {}

/** Slots come well ahead of their instant: waiting for a few costs nothing, fetching each alone would. */
const slotFetch = { minBytes: 65_536, maxWaitMs: 200 };

const callSettingsOf = (settings: Settings): ReadonlyMap<string, CallSettings> =>
  new Map(settings.accounts.map(({ name, sid, callbacks }) => [name, { accountSid: sid, callbacksUrl: callbacks?.publicUrl ?? null }]));

const rulesOf = ({ send }: Settings): DisposalRules => ({ ...send, windowMs: 150, maxAheadMs: 2_000, most: 500 });

function adapters(context: ServiceContext<SenderConfig>) {
  const { config, logger, clock, instance } = context;
  const kafka = connectKafka({ ...kafkaConnectionOf(config), clientId: instance }, logger);
  const codec = new Codec(registryIds(registryOf(config)));
  const shared = { kafka, codec, clock, logger };
  const tables = new TableLog(shared);
  return {
    strength: topicStrength(kafka, context),
    schemas: { name: 'schemas', start: () => codec.warm(), stop: () => Promise.resolve() },
    facts: new KafkaFactWriter(shared),
    tables,
    controls: tables.table<EventOf<'ControlSet'>>('paceline.controls'),
    suppressions: tables.table<EventOf<'SuppressionSet'>>('paceline.suppressions'),
    group: new PartitionGroup({ ...shared, group: 'sender', stateDir: join(config.PACELINE_DATA_DIR, 'sender'), fetch: slotFetch }),
  };
}

/** Handed over and not yet ended, of all accounts and partitions: when so many are, slots go back. */
const mostPending = 16_384;

function firingOf({ settings, clock, config, logger }: ServiceContext<SenderConfig>) {
  const pending = new PendingClaims(
    mostPending,
    settings.accounts.map(({ name }) => name),
  );
  const accounts = settings.accounts.map(twilioAccount);
  const firing = new FiringThread({
    shared: pending.shared,
    clock,
    accounts,
    clientTimeoutMs: settings.reconcile.clientTimeoutMs,
  });
  const renew = (renewed: readonly TwilioAccount[]): void => firing.renew(renewed);
  const credentials = new CredentialWatch({ settingsFile: config.PACELINE_SETTINGS, accounts, renew, scheduler: systemScheduler, logger });
  return { pending, firing, credentials };
}

type Adapters = ReturnType<typeof adapters>;

/** What all tasks of the process share. */
function sharedParts(context: ServiceContext<SenderConfig>, { facts, controls, suppressions }: Adapters) {
  const { config, settings, logger, clock, tracing: spans, instance: sender } = context;
  const scheduler = systemScheduler;
  const checkpoint = tellCheckpoint;
  const metrics = new PrometheusMetrics(context.metrics);
  const owned = new OwnedPartitions(partitionsOf.request);
  const gates = new SendGates({ controls, suppressions }, clock);
  const caps = new Map(settings.accounts.map(({ name, maxInFlight }) => [name, maxInFlight]));
  const places = new AccountPlaces((name) => gates.capOf(name, caps.get(name) ?? 0), owned, clock);
  const outbox = new ResponseOutbox({ facts, scheduler, checkpoint, logger, lingerMs: config.SENDER_RESPONSE_LINGER_MS });
  const closer = new ClaimCloser({ clock, outbox, spans, metrics, sender });
  const base = { clock, scheduler, spans, metrics, places, gates, outbox, checkpoint, sender, logger, ...firingOf(context) };
  // What is known of the dead thread's calls is written first, if the brokers take it in time.
  const onDeath = (error: Error): void => void lastWords(outbox, scheduler).finally(() => context.fail(error));
  return { ...base, owned, runner: new CallRunner({ ...base, closer, onDeath }) };
}

const lastWordsMs = 10_000;

function lastWords(outbox: ResponseOutbox, scheduler: Scheduler): Promise<void> {
  return Promise.race([outbox.flush(), new Promise<void>((resolve) => void scheduler.after(lastWordsMs, resolve))]);
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
    lead: new ClaimLead({ leastMs: settings.send.claimLeadMs, mostMs: settings.pace.leadMs, clock: context.clock }),
    queueBound: config.SENDER_QUEUE_BOUND,
    graceMs: deadlineMs / 4,
    callSettings: (account) => callSettings.get(account),
  });
  const accounts = [...callSettings.keys()];
  const gauges = new SenderGauges({ ...shared, accounts, facts: vendors.facts });
  const calls = new CallsUnderWay({ ...shared, disconnect: () => shared.firing.disconnect(), graceMs: deadlineMs / 2 });
  return {
    module: moduleOf(tasks),
    parts: [vendors.strength, vendors.schemas, vendors.facts, vendors.tables, shared.firing, shared.credentials, calls, gauges],
    strategies: [Object.assign(vendors.group, { name: 'sender' })],
  };
}

/** Slots in; one call per claim out. Nothing is kept but the two tables. */
export const senderService: ServiceDefinition<SenderConfig> = { name: 'sender', config: senderConfig, build };
