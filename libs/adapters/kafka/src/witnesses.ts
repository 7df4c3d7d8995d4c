import { ask, type ClientCluster } from './client-cluster.ts';
import { nameOf, type TopicPartition } from './topic-partition.ts';
import { orTimeOut, timedOut } from './producer/patience.ts';

interface MetadataAnswer {
  readonly topicMetadata: readonly {
    readonly topic: string;
    readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
  }[];
}

interface CoordinatorAnswer {
  readonly errorCode: number;
  readonly coordinator: { readonly nodeId: number };
}

/** How many brokers are asked: one that is down and one that leads leave one that can tell. */
const mostAsked = 3;
const withinMs = 1_000;

/**
 * A broker that is cut off from the cluster does not know that it was deposed: it goes on answering, with an end of its
 * log and with offsets that are no longer true. What it says counts when another broker, asked afterwards, still names it.
 */
export class Witnesses {
  constructor(private readonly cluster: ClientCluster) {}

  /** Leader of each partition by the word of others; a partition is left out when nobody else can tell or two contradict. */
  async leaders(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> {
    const wanted = new Set(partitions.map(nameOf));
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    const answers = await this.#askOthers<MetadataAnswer>('Metadata', { topics, allowAutoTopicCreation: false }, null);
    const told = new Map<string, Set<number>>();
    for (const { nodeId, answer, alone } of answers) {
      for (const { name, leader } of leadersIn(answer)) {
        if (!wanted.has(name) || (leader === nodeId && !alone)) continue;
        told.set(name, (told.get(name) ?? new Set()).add(leader));
      }
    }
    const agreed = [...told].filter(([, leaders]) => leaders.size === 1);
    return new Map(agreed.map(([name, leaders]) => [name, [...leaders][0] ?? -1]));
  }

  /** True when every other broker that answers names this one as the coordinator, and one does. */
  async confirmCoordinator(of: { readonly groupId: string; readonly coordinatorType: number }, nodeId: number): Promise<boolean> {
    const answers = await this.#askOthers<CoordinatorAnswer>('GroupCoordinator', of, nodeId);
    const named = answers.filter(({ answer }) => answer.errorCode === 0).map(({ answer }) => answer.coordinator.nodeId);
    return named.length > 0 && named.every((one) => one === nodeId);
  }

  /** Asks some brokers at the same time, never `except` unless it is the only one there is. */
  async #askOthers<Answer>(
    api: string,
    fields: object,
    except: number | null,
  ): Promise<readonly { readonly nodeId: number; readonly answer: Answer; readonly alone: boolean }[]> {
    const all = this.cluster.getNodeIds().map(Number);
    const alone = all.length === 1;
    const others = alone ? all : all.filter((nodeId) => nodeId !== except);
    const asked = shuffled(others).slice(0, mostAsked);
    const answers = await Promise.all(
      asked.map(async (nodeId) => {
        const answer = await this.#ask<Answer>(nodeId, api, fields).catch(() => timedOut);
        return answer === timedOut ? [] : [{ nodeId, answer: answer as Answer, alone }];
      }),
    );
    return answers.flat();
  }

  #ask<Answer>(nodeId: number, api: string, fields: object): Promise<Answer | typeof timedOut> {
    const answer = this.cluster.findBroker({ nodeId }).then((broker) => ask<Answer>(broker, api, fields));
    return orTimeOut(answer, withinMs);
  }
}

function leadersIn({ topicMetadata }: MetadataAnswer): readonly { readonly name: string; readonly leader: number }[] {
  return topicMetadata.flatMap(({ topic, partitionMetadata }) =>
    partitionMetadata.map(({ partitionId, leader }) => ({ name: `${topic}/${partitionId}`, leader })),
  );
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
