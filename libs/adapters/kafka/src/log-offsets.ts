import type { TopicName } from '@paceline/contracts';
import type { OffsetMark } from '@paceline/pipeline';
import type { Kafka } from 'kafkajs';
import { ask, clusterOf, coordinatorTypes, type ClientCluster } from './client-cluster.ts';
import type { NamedLeader } from './leaders-request.ts';
import { clusterUntilClosed } from './producer/cluster-until-closed.ts';
import { Coordinator, type Fields } from './producer/coordinator.ts';
import { kafkaErrors, KafkaRefusal, listOffsetsVerdict, nameOfCode } from './producer/error-codes.ts';
import { answerWhile, tryUntilDone, type Patience } from './producer/patience.ts';
import { nameOf, type TopicPartition } from './topic-partition.ts';
import { Witnesses } from './witnesses.ts';

/** First offset that is there, and the last stable one: what read_committed readers can reach. */
export interface StableEnd {
  readonly at: TopicPartition;
  readonly low: number;
  readonly high: number;
}

const earliest = '-2';
const latest = '-1';
const readCommitted = 1;

/** Elections take seconds; longer than this, whoever asked has to say that Kafka is away. */
const defaultForMs = 15_000;

interface Question {
  readonly timestamp: string;
  readonly closed: AbortSignal;
}

/** Partitions with an offset each, as they come in answers. */
interface ByTopic<Partition> {
  readonly responses: readonly { readonly topic: string; readonly partitions: readonly (Partition & { readonly partition: number })[] }[];
}
type OffsetAnswer = ByTopic<{ readonly errorCode: number; readonly offset: string }>;
type CommittedAnswer = ByTopic<{ readonly errorCode: number; readonly offset: string; readonly metadata: string | null }> & {
  readonly errorCode?: number;
};

/**
 * Offsets as the cluster knows them, asked for partition by partition. A leader or a coordinator that is being elected is
 * waited for; what cannot be read at this moment is an error and never an answer: taken for "nothing", it would let old
 * slots be called again.
 */
export class LogOffsets {
  readonly #cluster: ClientCluster;
  readonly #witnesses: Witnesses;
  readonly #closing = new AbortController();

  constructor(kafka: Kafka) {
    this.#cluster = clusterUntilClosed(clusterOf(kafka), this.#closing.signal);
    this.#witnesses = new Witnesses(this.#cluster);
  }

  async connect(): Promise<void> {
    await this.#cluster.connect();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#cluster.disconnect();
  }

  /** Every partition of the topics; rejects when one of them does not exist. */
  async partitionsOf(topics: readonly TopicName[]): Promise<readonly TopicPartition[]> {
    await tryUntilDone(() => this.#know(topics), this.#patience(defaultForMs));
    return topics.flatMap((topic) =>
      this.#cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({ topic, partition: partitionId })),
    );
  }

  async stableEnds(partitions: readonly TopicPartition[], forMs = defaultForMs): Promise<readonly StableEnd[]> {
    const [low, high] = await Promise.all([this.#offsets(partitions, earliest, forMs), this.#offsets(partitions, latest, forMs)]);
    return partitions.map((at) => ({ at, low: low.get(nameOf(at)) ?? 0, high: high.get(nameOf(at)) ?? 0 }));
  }

  /** First record written at the instant or later, per partition; the end of the log when there is none. */
  async firstSince(at: TopicPartition, sinceMs: number): Promise<number> {
    const found = (await this.#offsets([at], String(sinceMs), defaultForMs)).get(nameOf(at)) ?? -1;
    return found >= 0 ? found : ((await this.#offsets([at], latest, defaultForMs)).get(nameOf(at)) ?? 0);
  }

  /** What a group has committed, with its metadata; offset -1 = nothing, by the word of the group's coordinator. */
  async committed(groupId: string, partitions: readonly TopicPartition[]): Promise<readonly OffsetMark[]> {
    const coordinator = new Coordinator(this.#cluster, { groupId, coordinatorType: coordinatorTypes.group });
    const topics = Map.groupBy(partitions, ({ topic }) => topic);
    const fields = {
      groupId,
      topics: [...topics].map(([topic, of]) => ({ topic, partitions: of.map(({ partition }) => ({ partition })) })),
    };
    const { responses } = await this.#fromCoordinator<CommittedAnswer>(coordinator, fields);
    return partitions.map(({ topic, partition }) => {
      const found = responses.find((one) => one.topic === topic)?.partitions.find((one) => one.partition === partition);
      if (found === undefined) throw new Error(`kafka: the coordinator of ${groupId} left ${topic}/${partition} out of its answer`);
      return { topic, offset: Number(found.offset), metadata: found.metadata ?? '' };
    });
  }

  /** Leaders as brokers that do not lead these partitions know them; see Witnesses. */
  leaders(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, NamedLeader>> {
    return this.#witnesses.leaders(partitions);
  }

  async #fromCoordinator<Answer extends object>(coordinator: Coordinator, fields: Fields): Promise<Answer> {
    const patience = this.#patience(defaultForMs);
    let answer: Answer | undefined;
    await tryUntilDone(async () => {
      answer = await coordinator.ask<Answer>('OffsetFetch', fields, patience);
      if (await coordinator.isConfirmed()) return null;
      coordinator.forget();
      return new Error('kafka: no other broker names the coordinator that answered');
    }, patience);
    if (answer === undefined) throw new Error('OffsetFetch: no answer');
    return answer;
  }

  #patience = (forMs: number): Patience => ({ closed: this.#closing.signal, forMs });

  async #know(topics: readonly string[]): Promise<Error | null> {
    try {
      await this.#cluster.addMultipleTargetTopics(topics);
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  async #offsets(partitions: readonly TopicPartition[], timestamp: string, forMs: number): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    const patience = this.#patience(forMs);
    await tryUntilDone(async () => {
      const missing = partitions.filter((at) => !found.has(nameOf(at)));
      const failure = await this.#askLeaders(missing, { timestamp, found, closed: patience.closed });
      if (failure instanceof KafkaRefusal) throw failure;
      if (failure !== null) await this.#cluster.refreshMetadata().catch(() => undefined);
      return failure;
    }, patience);
    return found;
  }

  /** Each leader once, all at the same time; what is answered is kept. Resolves with why something is missing. */
  async #askLeaders(
    missing: readonly TopicPartition[],
    { found, ...question }: Question & { found: Map<string, number> },
  ): Promise<Error | null> {
    const unknown = await this.#know(missing.map(({ topic }) => topic));
    if (unknown !== null) return unknown;
    const named = await this.#witnesses.leaders(missing);
    const leaders = Map.groupBy(missing, (at) => named.get(nameOf(at))?.leader ?? -1);
    const requests = [...leaders].map(async ([nodeId, led]) => {
      const hasMoved = async (): Promise<boolean> => {
        const since = await this.#witnesses.leaders(led);
        return led.some((at) => since.get(nameOf(at))?.epoch !== named.get(nameOf(at))?.epoch);
      };
      const answer = await this.#askLeader(nodeId, led, { ...question, hasMoved });
      // An election in between, even of the same broker, makes its answer one of the past.
      if (await hasMoved()) throw new Error(`kafka: the leader of ${led.map(nameOf).join(', ')} changed while it was asked`);
      take(answer, led, found);
    });
    const settled = await Promise.allSettled(requests);
    const failures = settled.filter((one) => one.status === 'rejected').map((one) => one.reason as Error);
    const [first] = failures;
    return failures.find((one) => one instanceof KafkaRefusal) ?? first ?? null;
  }

  async #askLeader(
    nodeId: number,
    led: readonly TopicPartition[],
    { timestamp, closed, hasMoved }: Question & { readonly hasMoved: () => Promise<boolean> },
  ): Promise<OffsetAnswer> {
    if (nodeId < 0) throw new Error(`kafka: nobody leads ${led.map(nameOf).join(', ')} at the moment`);
    const broker = await this.#cluster.findBroker({ nodeId });
    const topics = [...Map.groupBy(led, ({ topic }) => topic)].map(([topic, of]) => ({
      topic,
      partitions: of.map(({ partition }) => ({ partition, timestamp })),
    }));
    const request = ask<OffsetAnswer>(broker, 'ListOffsets', { replicaId: -1, isolationLevel: readCommitted, topics });
    return answerWhile(request, hasMoved, closed);
  }
}

/** Takes what was answered; throws why the rest was not. */
function take({ responses }: OffsetAnswer, led: readonly TopicPartition[], found: Map<string, number>): void {
  const codes = new Set<number>();
  for (const { topic, partitions } of responses) {
    for (const { partition, errorCode, offset } of partitions) {
      if (errorCode === kafkaErrors.none) found.set(nameOf({ topic: topic as TopicName, partition }), Number(offset));
      else codes.add(errorCode);
    }
  }
  const [code] = codes;
  const missing = led.map(nameOf).filter((name) => !found.has(name));
  if (missing.length === 0) return;
  const what = `the offset of ${missing.join(', ')}`;
  if (code === undefined) throw new Error(`kafka: ${what} was left out of the answer`);
  if (listOffsetsVerdict(code) === 'refused') throw new KafkaRefusal(code, what);
  throw new Error(`kafka: ${what} cannot be read at the moment: ${nameOfCode(code)}`);
}
