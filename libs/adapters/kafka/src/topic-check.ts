import { partitionsOf, topicDefinition, topicNames, type Domain, type TopicName } from '@paceline/contracts';
import { ask, clusterOf, type ClientCluster } from './client-cluster.ts';
import type { KafkaConnection } from './connection.ts';
import { kafkaErrors } from './producer/error-codes.ts';
import { tryUntilDone } from './producer/patience.ts';

/** A topic is missing or differs from the catalogue; a service must not start on it. */
export class TopicMismatch extends Error {
  override readonly name = 'TopicMismatch';
  readonly exitCode = 5;
}

export interface TopicCheckOptions {
  /** Overrides per domain, as they were at the first apply. */
  readonly partitions?: Partial<Record<Domain, number>>;
  /** Told once, when the cluster is not ready after two seconds: what is waited for. */
  readonly waiting?: (what: string) => void;
}

/** A cluster that is coming up has elected and told all by then; longer, and somebody has to look. */
const readyWithinMs = 60_000;
/** A broker that has just started may not have heard of a topic yet. */
const heardOfWithinMs = 5_000;
const silentForMs = 2_000;

interface TopicView {
  readonly topic: string;
  readonly topicErrorCode: number;
  readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
}

/**
 * Resolves when every topic is there, has the partitions of the catalogue, and each of them a leader; waits for elections
 * within a minute. Rejects with every difference to the catalogue in one message; topics outside it need only exist.
 */
export async function checkTopics(
  connection: KafkaConnection,
  names: readonly TopicName[],
  options: TopicCheckOptions = {},
): Promise<void> {
  if (names.length === 0) return;
  const cluster = clusterOf(connection.kafka);
  const closing = new AbortController();
  const begin = performance.now();
  let told = false;
  const tell = (failure: Error): Error => {
    if (!told && performance.now() - begin >= silentForMs) {
      told = true;
      options.waiting?.(failure.message);
    }
    return failure;
  };
  try {
    await tryUntilDone(
      async () => {
        const standing = await look(cluster, names).catch((error: unknown) => error as Error);
        if (standing instanceof Error) return tell(standing);
        const problems = differences(standing, names, options);
        const tooSoon = performance.now() - begin < heardOfWithinMs;
        if (problems.length > 0 && !tooSoon) throw mismatch(problems);
        const [problem = leaderless(standing)] = problems;
        return problem === null ? null : tell(new Error(problem));
      },
      { closed: closing.signal, forMs: readyWithinMs },
    );
  } finally {
    await cluster.disconnect().catch(() => undefined);
  }
}

const mismatch = (problems: readonly string[]): TopicMismatch =>
  new TopicMismatch(`kafka topics: ${problems.join('; ')}: run \`paceline topics apply\` on a fresh cluster`);

/** What one broker knows of the topics, errors included; another one may be asked the next time. */
async function look(cluster: ClientCluster, topics: readonly TopicName[]): Promise<readonly TopicView[]> {
  await cluster.connect();
  await cluster.refreshMetadata();
  const nodeIds = cluster.getNodeIds();
  const nodeId = nodeIds[Math.floor(Math.random() * nodeIds.length)];
  if (nodeId === undefined) throw new Error('no broker answers');
  const broker = await cluster.findBroker({ nodeId });
  const answer = await ask<{ topicMetadata: readonly TopicView[] }>(broker, 'Metadata', { topics, allowAutoTopicCreation: false });
  return answer.topicMetadata;
}

function differences(views: readonly TopicView[], names: readonly TopicName[], { partitions }: TopicCheckOptions): readonly string[] {
  return names.flatMap((name) => {
    const view = views.find(({ topic }) => topic === name);
    if (view === undefined || view.topicErrorCode === kafkaErrors.unknownTopicOrPartition) return [`${name} does not exist`];
    if (view.topicErrorCode !== kafkaErrors.none || !topicNames.includes(name)) return [];
    const { domain } = topicDefinition(name);
    const expected = partitions?.[domain] ?? partitionsOf[domain];
    const found = view.partitionMetadata.length;
    return found === expected ? [] : [`${name} has ${found} partitions, the ${domain} domain has ${expected}`];
  });
}

function leaderless(views: readonly TopicView[]): string | null {
  const without = views.flatMap(({ topic, topicErrorCode, partitionMetadata }) =>
    topicErrorCode === kafkaErrors.none && partitionMetadata.length > 0
      ? partitionMetadata.filter(({ leader }) => leader < 0).map(({ partitionId }) => `${topic}/${partitionId}`)
      : [topic],
  );
  return without.length === 0 ? null : `nobody leads ${without.slice(0, 3).join(', ')}${without.length > 3 ? ' and others' : ''} yet`;
}
