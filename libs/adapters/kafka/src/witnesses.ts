import { ask, type ClientCluster, type RequestKind } from './client-cluster.ts';
import { leadersRequest, type LeadersAnswer, type NamedLeader } from './leaders-request.ts';
import { nameOf, type TopicPartition } from './topic-partition.ts';
import { orTimeOut, timedOut } from './producer/patience.ts';

interface CoordinatorAnswer {
  readonly errorCode: number;
  readonly coordinator: { readonly nodeId: number };
}

interface Question {
  readonly api: string | RequestKind;
  readonly fields: object;
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

  /**
   * Leader of each partition, by the latest election that a broker knows of: one that was cut off knows of no later one.
   * Left out is a partition whose latest election is known from nobody but the leader itself.
   */
  async leaders(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, number>> {
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    const question = { api: leadersRequest, fields: { topics } };
    const answers = await this.#askOthers<LeadersAnswer>(question, null);
    const claims = answers.flatMap(({ nodeId, alone, answer }) =>
      answer.leaders.map((named) => ({ ...named, byAnother: alone || named.leader !== nodeId })),
    );
    const byPartition = Map.groupBy(claims, ({ name }) => name);
    const latest = partitions.map(nameOf).flatMap((name) => {
      const found = latestOf(byPartition.get(name) ?? []);
      return found === undefined ? [] : [[name, found.leader] as const];
    });
    return new Map(latest);
  }

  /** True when every other broker that answers and does not name itself names this one as the coordinator, and one does. */
  async confirmCoordinator(of: { readonly groupId: string; readonly coordinatorType: number }, nodeId: number): Promise<boolean> {
    const answers = await this.#askOthers<CoordinatorAnswer>({ api: 'GroupCoordinator', fields: of }, nodeId);
    const named = answers
      .filter(({ answer }) => answer.errorCode === 0)
      .map((one) => ({ by: one.nodeId, names: one.answer.coordinator.nodeId, alone: one.alone }))
      .filter(({ by, names, alone }) => alone || by !== names);
    return named.length > 0 && named.every(({ names }) => names === nodeId);
  }

  /** Asks some brokers at the same time, never `except` unless it is the only one there is. */
  async #askOthers<Answer>(
    question: Question,
    except: number | null,
  ): Promise<readonly { readonly nodeId: number; readonly answer: Answer; readonly alone: boolean }[]> {
    const all = this.cluster.getNodeIds().map(Number);
    const alone = all.length === 1;
    const others = alone ? all : all.filter((nodeId) => nodeId !== except);
    const asked = shuffled(others).slice(0, mostAsked);
    const answers = await Promise.all(
      asked.map(async (nodeId) => {
        const answer = await this.#ask<Answer>(nodeId, question).catch(() => timedOut);
        return answer === timedOut ? [] : [{ nodeId, answer: answer as Answer, alone }];
      }),
    );
    return answers.flat();
  }

  #ask<Answer>(nodeId: number, { api, fields }: Question): Promise<Answer | typeof timedOut> {
    const answer = this.cluster.findBroker({ nodeId }).then((broker) => ask<Answer>(broker, api, fields));
    return orTimeOut(answer, withinMs);
  }
}

function latestOf<Claim extends NamedLeader & { readonly byAnother: boolean }>(claims: readonly Claim[]): Claim | undefined {
  const latest = Math.max(...claims.map(({ epoch }) => epoch));
  return claims.find(({ epoch, byAnother }) => epoch === latest && byAnother);
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
