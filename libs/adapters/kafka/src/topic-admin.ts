import { groups, partitionsOf, topicDefinition, topicNames, type Domain, type TopicName } from '@paceline/contracts';
import type { Admin, ITopicConfig } from 'kafkajs';
import { taskProducer, type KafkaConnection } from './connection.ts';

export interface ApplyTopicsOptions {
  readonly replicationFactor?: number;
  /** Overrides per domain, before the first apply only. */
  readonly partitions?: Partial<Record<Domain, number>>;
}

/** A topic is missing or differs from the catalogue; a service must not start on it. */
export class TopicMismatch extends Error {
  override readonly name = 'TopicMismatch';
  readonly exitCode = 5;
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

function configOf(name: TopicName, options: ApplyTopicsOptions): ITopicConfig {
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
    replicationFactor: options.replicationFactor ?? 1,
    configEntries: cleanup === 'compact' ? compacted : deleted,
  };
}

/**
 * Creates what the catalogue names and the cluster lacks. Commits offset 0 for every group on the topics created in
 * this run and never on others: a group without a committed offset on an older topic needs a person.
 */
export async function applyTopics(connection: KafkaConnection, options: ApplyTopicsOptions = {}): Promise<readonly TopicName[]> {
  const admin = connection.kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const created = topicNames.filter((name) => !existing.has(name));
    if (created.length > 0) {
      const configs = created.map((name) => configOf(name, options));
      // The client's own wait for leaders can fail outside its promise; the check below waits instead.
      await patiently(() => admin.createTopics({ topics: configs, waitForLeaders: false }).then(() => undefined));
      await patiently(() => checkTopics(admin, created, options));
      await commitFirstOffsets(connection, firstOffsetsOf(configs));
    }
    await checkTopics(admin, topicNames, options);
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
  const producer = taskProducer(connection, 'paceline-topics-apply');
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    for (const { groupId, topic, partitions } of marks) {
      const offsets = Array.from({ length: partitions }, (_, partition) => ({ partition, offset: '0' }));
      await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic, partitions: offsets }] });
    }
    await transaction.commit();
  } finally {
    await producer.disconnect();
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

/** Rejects with every difference to the catalogue in one message; topics outside it need only exist. Creates nothing. */
export async function checkTopics(admin: Admin, names: readonly TopicName[], options: ApplyTopicsOptions = {}): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = names.filter((name) => !existing.has(name)).map((name) => `${name} does not exist`);
  const present = names.filter((name) => existing.has(name) && topicNames.includes(name));
  const problems = [...missing, ...(await wrongPartitions(admin, present, options))];
  if (problems.length > 0)
    throw new TopicMismatch(`kafka topics: ${problems.join('; ')}: run \`paceline topics apply\` on a fresh cluster`);
}

async function wrongPartitions(admin: Admin, names: readonly TopicName[], options: ApplyTopicsOptions): Promise<string[]> {
  // Asked for no topic at all, the broker would describe every topic.
  if (names.length === 0) return [];
  const { topics } = await patiently(() => admin.fetchTopicMetadata({ topics: [...names] }));
  return topics.flatMap(({ name, partitions }) => {
    const { domain } = topicDefinition(name as TopicName);
    const expected = options.partitions?.[domain] ?? partitionsOf[domain];
    return partitions.length === expected ? [] : [`${name} has ${partitions.length} partitions, the ${domain} domain has ${expected}`];
  });
}
