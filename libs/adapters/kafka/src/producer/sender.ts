import type { TopicMessages } from 'kafkajs';
import { ask, leaderOf, type ClientCluster } from '../client-cluster.ts';
import { batchesOf, type Batch, type SequenceNumbers } from './batches.ts';
import { Delivery, type ProduceAnswer } from './delivery.ts';
import { answerWhile, tryUntilDone, type Patience } from './patience.ts';

/** Answer to InitProducerId. */
export interface Identified {
  readonly errorCode: number;
  readonly producerId: string;
  readonly producerEpoch: number;
}

/** Who writes: given by a coordinator, and the same over all tries of a send. */
export interface ProducerIdentity {
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly transactionalId: string | null;
}

/**
 * How long a leader may wait for its followers before it says that they did not follow in time. Below the time-out of
 * requests, so that the answer comes before the client stops waiting for it.
 */
const acknowledgedWithinMs = 4_000;

/** Which batches each broker leads at this moment. */
function byLeader(cluster: ClientCluster, batches: readonly Batch[]): ReadonlyMap<number, readonly Batch[]> {
  const leaders = new Map<number, Batch[]>();
  for (const batch of batches) {
    const leader = leaderOf(cluster, batch);
    const led = leaders.get(leader);
    if (led === undefined) leaders.set(leader, [batch]);
    else led.push(batch);
  }
  return leaders;
}

function topicDataOf(batches: readonly Batch[]): object[] {
  const topics = new Map<string, object[]>();
  for (const { topic, ...data } of batches) {
    const partitions = topics.get(topic);
    if (partitions === undefined) topics.set(topic, [data]);
    else partitions.push(data);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}

/**
 * Brings messages into the log once, whatever happens to brokers and connections meanwhile: batches and their sequence
 * numbers are made once, every try sends what is not acknowledged to who leads it now, and the next try begins when all
 * requests of this one have ended.
 */
export class BatchSender {
  constructor(
    private readonly cluster: ClientCluster,
    private readonly sequence: SequenceNumbers,
  ) {}

  /** Splits and numbers a send. From here on it must be delivered whole, or its producer be given up. */
  async prepare(topicMessages: readonly TopicMessages[], patience: Patience): Promise<readonly Batch[]> {
    const topics = topicMessages.map(({ topic }) => topic);
    await tryUntilDone(() => this.#know(topics), patience);
    return batchesOf(topicMessages, (topic) => this.cluster.findTopicPartitionMetadata(topic).length, this.sequence);
  }

  /** Numbers must not be given before it is known how many partitions there are: a key would be in another one next time. */
  async #know(topics: readonly string[]): Promise<Error | null> {
    try {
      await this.cluster.addMultipleTargetTopics(topics);
      await this.cluster.refreshMetadataIfNecessary();
    } catch (error) {
      return error as Error;
    }
    const unknown = topics.find((topic) => this.cluster.findTopicPartitionMetadata(topic).length === 0);
    return unknown === undefined ? null : new Error(`kafka: the metadata of ${unknown} is not known`);
  }

  /** Resolves when every batch is acknowledged by all in-sync replicas. When it throws, each of them may be in the log or not. */
  async deliver(batches: readonly Batch[], identity: ProducerIdentity, patience: Patience): Promise<void> {
    const delivery = new Delivery(batches);
    await tryUntilDone(async () => {
      await this.#try(delivery, identity, patience.closed);
      if (delivery.refusal !== null) throw delivery.refusal;
      if (delivery.waiting.length === 0) return null;
      await this.cluster.refreshMetadata().catch((error: unknown) => delivery.unanswered(error as Error));
      return delivery.lastFailure;
    }, patience);
  }

  async #try(delivery: Delivery, identity: ProducerIdentity, closed: AbortSignal): Promise<void> {
    const requests = [...byLeader(this.cluster, delivery.waiting)].map(async ([nodeId, led]) => {
      try {
        if (nodeId < 0) throw new Error(`nobody leads ${led.map(({ topic, partition }) => `${topic}/${partition}`).join(', ')}`);
        delivery.answered(led, await this.#produce(nodeId, led, { identity, closed }));
      } catch (error) {
        delivery.unanswered(error as Error);
      }
    });
    await Promise.all(requests);
  }

  async #produce(
    nodeId: number,
    led: readonly Batch[],
    { identity, closed }: { identity: ProducerIdentity; closed: AbortSignal },
  ): Promise<ProduceAnswer> {
    const broker = await this.cluster.findBroker({ nodeId });
    const request = ask<ProduceAnswer>(broker, 'Produce', {
      ...identity,
      acks: -1,
      timeout: acknowledgedWithinMs,
      topicData: topicDataOf(led),
    });
    return answerWhile(request, () => this.#hasMoved(nodeId, led), closed);
  }

  async #hasMoved(nodeId: number, led: readonly Batch[]): Promise<boolean> {
    await this.cluster.refreshMetadata();
    return led.some((batch) => leaderOf(this.cluster, batch) !== nodeId);
  }
}
