import type { EventName } from './events.ts';

/** Topics of one domain have the same partition count and partitioner, so partition p of each can go to one task. */
export type Domain = 'file' | 'batch' | 'account' | 'request' | 'recipient' | 'table' | 'any';

/** Partitions per domain; a deployment may raise them before its first `topics apply`, never after. */
export const partitionsOf: Readonly<Record<Domain, number>> = {
  file: 2,
  batch: 2,
  account: 4,
  request: 4,
  recipient: 2,
  table: 1,
  any: 2,
};

export interface TopicDefinition {
  readonly key: string;
  readonly domain: Domain;
  readonly cleanup: 'delete' | 'compact';
  /** Milliseconds a record is kept; -1 = never deleted by time. Ignored for compacted topics. */
  readonly retentionMs: number;
  readonly events: readonly EventName[];
  /** Its records matter for seconds only: a group whose committed offset has left the log goes on at its beginning. */
  readonly perishable?: true;
  readonly writers: readonly string[];
  readonly readers: readonly string[];
}

const days = (n: number): number => n * 86_400_000;
const forever = -1;

const log = (domain: Domain, key: string, rest: Omit<TopicDefinition, 'domain' | 'key' | 'cleanup'>): TopicDefinition => ({
  domain,
  key,
  cleanup: 'delete',
  ...rest,
});
const table = (key: string, rest: Pick<TopicDefinition, 'events' | 'writers' | 'readers'>): TopicDefinition => ({
  domain: 'table',
  key,
  cleanup: 'compact',
  retentionMs: forever,
  ...rest,
});
const changelog = (domain: Domain, owner: string): TopicDefinition => ({
  domain,
  key: 'state key',
  cleanup: 'compact',
  retentionMs: forever,
  events: [],
  writers: [owner],
  readers: [owner],
});

/** The only catalogue of topics: who may write what where, and for how long it is kept. */
export const topics = {
  'paceline.files': log('file', 'content hash', {
    retentionMs: days(30),
    events: ['FileFound'],
    writers: ['ingestor'],
    readers: ['ingestor', 'archiver'],
  }),
  'paceline.batches': log('batch', 'batchId', {
    retentionMs: days(365),
    events: ['BatchAdmitted', 'BatchProgressed', 'BatchRead', 'BatchRefused', 'DuplicateFileSeen', 'RowsClosed', 'ResendPlanned'],
    writers: ['ingestor', 'pacer'],
    readers: ['archiver', 'cli'],
  }),
  'paceline.requests': log('account', 'accountId', {
    retentionMs: forever,
    events: ['RequestAdmitted', 'RetryScheduled', 'SlotReturned', 'RequestCarried'],
    writers: ['ingestor', 'error-router', 'sender', 'pacer'],
    readers: ['pacer', 'archiver'],
  }),
  'paceline.refusals': log('batch', 'batchId', {
    retentionMs: days(30),
    events: ['RequestRefused'],
    writers: ['ingestor'],
    readers: ['archiver', 'cli'],
  }),
  'paceline.controls': table('entity / aspect / origin', {
    events: ['ControlSet'],
    writers: ['cli', 'pacer'],
    readers: ['pacer', 'sender', 'ingestor', 'error-router', 'archiver', 'cli'],
  }),
  'paceline.commands': log('batch', 'batchId', {
    retentionMs: days(30),
    events: ['ResendRequested'],
    writers: ['cli'],
    readers: ['ingestor', 'archiver'],
  }),
  'paceline.slots': log('request', 'requestId', {
    retentionMs: days(7),
    events: ['SlotGranted'],
    writers: ['pacer'],
    readers: ['sender', 'archiver'],
  }),
  'paceline.attempts': log('request', 'requestId', {
    retentionMs: days(90),
    events: ['AttemptStarted'],
    writers: ['sender'],
    readers: ['error-router', 'archiver'],
  }),
  'paceline.responses': log('request', 'requestId', {
    retentionMs: days(30),
    events: ['ResponseRecorded'],
    writers: ['sender'],
    readers: ['error-router', 'archiver'],
  }),
  'paceline.signals': log('account', 'accountId', {
    retentionMs: days(1),
    events: ['SenderGauged', 'PacerGauged', 'CodesCounted'],
    perishable: true,
    writers: ['sender', 'pacer', 'error-router'],
    readers: ['pacer', 'error-router', 'archiver'],
  }),
  'paceline.intake': log('any', "producer's key", {
    retentionMs: days(7),
    events: [],
    writers: ['users'],
    readers: ['ingestor'],
  }),
  'paceline.outcomes': log('request', 'requestId; alert and scope', {
    retentionMs: days(365),
    events: ['RequestClosed', 'AlertRaised', 'AlertCleared'],
    writers: ['sender', 'error-router', 'pacer'],
    readers: ['archiver', 'cli'],
  }),
  'paceline.suppressions': table('hash(contact, channel, scope, origin); answers and lifts each their own', {
    events: ['SuppressionSet'],
    writers: ['error-router', 'cli'],
    readers: ['ingestor', 'sender', 'archiver', 'cli'],
  }),
  'paceline.dead-letters': log('any', 'source topic-partition-offset', {
    retentionMs: days(365),
    events: ['DeadLettered'],
    writers: ['ingestor', 'pacer', 'sender', 'error-router', 'archiver'],
    readers: ['error-router', 'archiver', 'cli'],
  }),
  'paceline.state.ingestor': changelog('file', 'ingestor'),
  'paceline.state.resend': changelog('batch', 'ingestor'),
  'paceline.state.pacer': changelog('account', 'pacer'),
  'paceline.state.error-router': changelog('request', 'error-router'),
  'paceline.state.alerts': changelog('account', 'error-router'),
} as const satisfies Readonly<Record<string, TopicDefinition>>;

export type TopicName = keyof typeof topics;

export const topicNames = Object.keys(topics) as readonly TopicName[];

export const topicDefinition = (name: TopicName): TopicDefinition => topics[name];

/** What the totals of a batch are folded from: a row that waits longer than one of these is kept has totals that are short. */
export const totalTopics: readonly TopicName[] = [
  'paceline.batches',
  'paceline.refusals',
  'paceline.attempts',
  'paceline.responses',
  'paceline.outcomes',
];

interface GroupDefinition {
  readonly id: string;
  readonly topics: readonly TopicName[];
  readonly state: TopicName | null;
  /** No call follows from what it reads: without a committed offset in the log it begins where the log begins. */
  readonly onlooker?: true;
}

/** Consumer groups whose committed offsets decide what is done next; `topics apply` sets their first offset. */
export const groups = {
  ingestor: { id: 'paceline-ingestor', topics: ['paceline.files'], state: 'paceline.state.ingestor' },
  resend: { id: 'paceline-resend', topics: ['paceline.commands'], state: 'paceline.state.resend' },
  intake: { id: 'paceline-intake', topics: ['paceline.intake'], state: null },
  pacer: { id: 'paceline-pacer', topics: ['paceline.requests', 'paceline.signals'], state: 'paceline.state.pacer' },
  sender: { id: 'paceline-sender', topics: ['paceline.slots'], state: null },
  'error-router': {
    id: 'paceline-error-router',
    topics: ['paceline.attempts', 'paceline.responses'],
    state: 'paceline.state.error-router',
  },
  alerts: {
    id: 'paceline-alerts',
    topics: ['paceline.signals', 'paceline.dead-letters'],
    state: 'paceline.state.alerts',
    onlooker: true,
  },
  archiver: {
    id: 'paceline-archiver',
    topics: topicNames.filter((name) => !name.startsWith('paceline.state.') && name !== 'paceline.intake'),
    state: null,
  },
} as const satisfies Readonly<Record<string, GroupDefinition>>;

export type GroupName = keyof typeof groups;
