import { ask, type ClientCluster, type RequestKind } from './client-cluster.ts';
import { leadersRequest, type LeadersAnswer, type NamedLeader } from './leaders-request.ts';
import { nameOf, type TopicPartition } from './topic-partition.ts';
import { orTimeOut, timedOut } from './producer/patience.ts';

export interface CoordinatorOf {
  readonly groupId: string;
  readonly coordinatorType: number;
}

interface CoordinatorAnswer {
  readonly errorCode: number;
  readonly coordinator: { readonly nodeId: number };
}

interface Question {
  readonly api: string | RequestKind;
  readonly fields: object;
}

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
  async leaders(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, NamedLeader>> {
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    const question = { api: leadersRequest, fields: { topics } };
    const answers = await this.#askAll<LeadersAnswer>(question);
    const claims = answers.flatMap(({ nodeId, alone, answer }) =>
      answer.leaders.map((named) => ({ ...named, byAnother: alone || named.leader !== nodeId })),
    );
    const byPartition = Map.groupBy(claims, ({ name }) => name);
    const latest = partitions.map(nameOf).flatMap((name) => {
      const found = latestOf(byPartition.get(name) ?? []);
      return found === undefined ? [] : [[name, found] as const];
    });
    return new Map(latest);
  }

  /** Coordinator by the word of every broker that answers and does not name itself; null when none does or two contradict. */
  async coordinator(of: CoordinatorOf): Promise<number | null> {
    const answers = await this.#askAll<CoordinatorAnswer>({ api: 'GroupCoordinator', fields: of });
    const named = answers
      .filter(({ answer: { errorCode, coordinator }, nodeId, alone }) => errorCode === 0 && (alone || coordinator.nodeId !== nodeId))
      .map(({ answer }) => answer.coordinator.nodeId);
    const [first, ...others] = new Set(named);
    return first === undefined || others.length > 0 ? null : first;
  }

  /** All that are listed: of some, chosen by chance, none may know of the latest election. One that is silent is passed over. */
  async #askAll<Answer>(
    question: Question,
  ): Promise<readonly { readonly nodeId: number; readonly answer: Answer; readonly alone: boolean }[]> {
    const all = this.cluster.getNodeIds().map(Number);
    const alone = all.length === 1;
    const answers = await Promise.all(
      all.map(async (nodeId) => {
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
