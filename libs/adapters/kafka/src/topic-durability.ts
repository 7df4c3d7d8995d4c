import { topicNames, type TopicName } from '@paceline/contracts';
import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './connection.ts';

const topicResource = 2;
const enoughReplicas = 3;
const enoughInSync = 2;

/** How a topic survives the loss of a broker. */
export interface TopicStanding {
  readonly topic: string;
  readonly replicas: number;
  readonly minInSync: number;
  readonly uncleanElection: boolean;
}

/** Why an acknowledged claim in this topic could be lost, one sentence each; none = the loss of one broker loses nothing. */
export function weaknessesOf({ topic, replicas, minInSync, uncleanElection }: TopicStanding): readonly string[] {
  return [
    ...(replicas < enoughReplicas ? [`${topic} has ${replicas} of ${enoughReplicas} replicas`] : []),
    ...(replicas >= enoughReplicas && minInSync < enoughInSync
      ? [`${topic}: min.insync.replicas is ${minInSync}, not ${enoughInSync}`]
      : []),
    ...(uncleanElection ? [`${topic}: unclean.leader.election.enable is true`] : []),
  ];
}

/**
 * Every weakness of the topics, by the cluster's word. Never twice and nothing lost silently rest on acknowledged records
 * that stay: with fewer replicas, one in sync or unclean elections a broker's end can take them back.
 */
export async function topicWeaknesses(connection: KafkaConnection, names: readonly TopicName[] = topicNames): Promise<readonly string[]> {
  const admin = connection.kafka.admin();
  try {
    await admin.connect();
    return (await standingsOf(admin, names)).flatMap(weaknessesOf);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

async function standingsOf(admin: Admin, names: readonly TopicName[]): Promise<readonly TopicStanding[]> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  const configNames = ['min.insync.replicas', 'unclean.leader.election.enable'];
  const resources = names.map((name) => ({ type: topicResource, name, configNames }));
  const described = await admin.describeConfigs({ resources, includeSynonyms: false });
  return topics.map(({ name, partitions }) => {
    const entries = described.resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
    const valueOf = (key: string): string | undefined => entries.find(({ configName }) => configName === key)?.configValue;
    return {
      topic: name,
      replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      minInSync: Number(valueOf('min.insync.replicas') ?? 1),
      uncleanElection: valueOf('unclean.leader.election.enable') === 'true',
    };
  });
}

/** In live mode claims that a broker's end can take back are refused, unless somebody has said that it may be so. */
export class TopicsTooWeak extends Error {
  override readonly name = 'TopicsTooWeak';
  readonly exitCode = 5;

  constructor(weaknesses: readonly string[]) {
    const more = weaknesses.length > 4 ? `; and ${weaknesses.length - 4} more` : '';
    super(
      `kafka topics would not survive the loss of a broker: ${weaknesses.slice(0, 4).join('; ')}${more}. ` +
        'Accounts in live mode need three replicas, min.insync.replicas 2 and no unclean election; set KAFKA_ACCEPT_WEAK_TOPICS=true to go on without.',
    );
  }
}
