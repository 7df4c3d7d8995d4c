import { groups, partitionsOf, topicDefinition, topicNames, type Domain, type TopicName } from '@paceline/contracts';
import type { Admin, ITopicConfig } from 'kafkajs';
import type { KafkaConnection } from './connection.ts';
import { checkTopics } from './topic-check.ts';

export interface ApplyTopicsOptions {
  /** The cluster's default unless said otherwise. */
  readonly replicationFactor?: number;
  /** Overrides per domain, before the first apply only. */
  readonly partitions?: Partial<Record<Domain, number>>;
}

const attempts = 20;
const attemptPauseMs = 200;

/** Metadata and first offset commits right after a creation may fail while the news travels. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, attemptPauseMs));
    }
  }
}

/** What a claim that was acknowledged rests on; stated on the topic, whatever the cluster's defaults are. */
const durable = (replicas: number | null): { name: string; value: string }[] => [
  { name: 'unclean.leader.election.enable', value: 'false' },
  ...(replicas === null ? [] : [{ name: 'min.insync.replicas', value: String(minInSyncOf(replicas)) }]),
];

/** Of so many replicas, as many must have a record before it counts: the loss of one of three loses nothing and stops nobody. */
const minInSyncOf = (replicas: number): number => (replicas >= 3 ? 2 : 1);

const brokerResource = 4;
/** The broker's word; null where it does not tell, as managed clusters may. */
async function defaultReplicas(admin: Admin): Promise<number | null> {
  try {
    const { brokers } = await admin.describeCluster();
    const name = String(brokers[0]?.nodeId);
    const configNames = ['default.replication.factor'];
    const { resources } = await admin.describeConfigs({ resources: [{ type: brokerResource, name, configNames }], includeSynonyms: false });
    const value = Number(resources[0]?.configEntries[0]?.configValue);
    return Number.isSafeInteger(value) && value > 0 ? value : null;
  } catch {
    return null;
  }
}

function configOf(name: TopicName, options: ApplyTopicsOptions, replicas: number | null): ITopicConfig {
  const { domain, cleanup, retentionMs } = topicDefinition(name);
  const compacted = [
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'segment.bytes', value: String(16 * 1024 * 1024) },
    { name: 'min.cleanable.dirty.ratio', value: '0.2' },
  ];
  const deleted = [
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'retention.ms', value: String(retentionMs) },
  ];
  return {
    topic: name,
    numPartitions: options.partitions?.[domain] ?? partitionsOf[domain],
    replicationFactor: replicas ?? -1,
    configEntries: [...durable(replicas), ...(cleanup === 'compact' ? compacted : deleted)],
  };
}

/**
 * Creates what the catalogue names and the cluster lacks. Commits offset 0 for every group on the topics created in
 * this run and never on others: a group without a committed offset on an older topic needs a person.
 */
export async function applyTopics(connection: KafkaConnection, options: ApplyTopicsOptions = {}): Promise<readonly TopicName[]> {
  const admin = connection.kafka.admin();
  try {
    await patiently(() => admin.connect());
    const existing = new Set(await patiently(() => admin.listTopics()));
    const created = topicNames.filter((name) => !existing.has(name));
    if (created.length > 0) {
      const replicas = options.replicationFactor ?? (await defaultReplicas(admin));
      const configs = created.map((name) => configOf(name, options, replicas));
      // The client's own wait for leaders can fail outside its promise; the check below waits instead, for a minute.
      await patiently(() => admin.createTopics({ topics: configs, waitForLeaders: false }).then(() => undefined));
      await checkTopics(connection, created, options);
      await commitFirstOffsets(connection, firstOffsetsOf(configs));
    }
    await checkTopics(connection, topicNames, options);
    return created;
  } finally {
    await admin.disconnect();
  }
}

/** Through a transaction, because kafkajs's own setOffsets first waits out a whole fetch per topic. */
export async function commitFirstOffsets(connection: KafkaConnection, marks: readonly FirstOffsets[]): Promise<void> {
  if (marks.length > 0) await patiently(() => commitOnce(connection, marks));
}

async function commitOnce(connection: KafkaConnection, marks: readonly FirstOffsets[]): Promise<void> {
  const producer = connection.taskProducer('paceline-topics-apply');
  try {
    await producer.fence();
    for (const { groupId, topic, partitions } of marks) {
      const offsets = Array.from({ length: partitions }, (_, partition) => ({ partition, offset: '0' }));
      await producer.sendOffsets({ consumerGroupId: groupId, topics: [{ topic, partitions: offsets }] });
    }
    await producer.commit();
    // A commit is done before its end is in every log; a new identity is given when it is. Until then the offsets would
    // still read as missing.
    await producer.fence();
  } finally {
    await producer.close();
  }
}

export interface FirstOffsets {
  readonly groupId: string;
  readonly topic: string;
  readonly partitions: number;
}

function firstOffsetsOf(created: readonly ITopicConfig[]): readonly FirstOffsets[] {
  return Object.values(groups).flatMap((group) =>
    created
      .filter(({ topic }) => (group.topics as readonly string[]).includes(topic))
      .map(({ topic, numPartitions = 1 }) => ({ groupId: group.id, topic, partitions: numPartitions })),
  );
}
