import type { Offsets, TopicMessages } from 'kafkajs';
import { coordinatorTypes, type ClientCluster } from '../client-cluster.ts';
import { placeOf, SequenceNumbers, type Batch } from './batches.ts';
import { clusterUntilClosed } from './cluster-until-closed.ts';
import { Coordinator } from './coordinator.ts';
import { nextEpochRequest } from './next-epoch-request.ts';
import type { Patience } from './patience.ts';
import { BatchSender, type Identified, type ProducerIdentity } from './sender.ts';

export interface TransactionalOptions {
  readonly transactionalId: string;
  /** After so long the coordinator aborts a transaction by itself and refuses its producer from then on. */
  readonly transactionTimeoutMs: number;
}

export type GroupOffsets = Offsets & { readonly consumerGroupId: string };

/**
 * How long one step of a transaction is tried. Longer than any transaction lives: a step that fails later than that is
 * refused by the coordinator, so this only bounds the wait for a cluster that does not answer at all.
 */
const stepForMs = 15_000;

/**
 * Writes and moves offsets in transactions, one at a time. Any failure leaves it unusable: whether the transaction was
 * committed is then unknown, and only a new producer with the same id can end what it left open (`fence`).
 */
export class TransactionalProducer {
  readonly #closing = new AbortController();
  readonly #cluster: ClientCluster;
  #sender: BatchSender;
  readonly #coordinator: Coordinator;
  readonly #groups = new Map<string, Coordinator>();
  readonly #patience: Patience = { closed: this.#closing.signal, forMs: stepForMs };
  /** What the coordinator knows to belong to the open transaction. */
  readonly #partitions = new Set<string>();
  readonly #offsetGroups = new Set<string>();
  #identity: ProducerIdentity | null = null;
  #spoilt: Error | null = null;

  constructor(
    cluster: ClientCluster,
    private readonly options: TransactionalOptions,
  ) {
    this.#cluster = clusterUntilClosed(cluster, this.#closing.signal);
    this.#sender = new BatchSender(this.#cluster, new SequenceNumbers());
    this.#coordinator = new Coordinator(this.#cluster, { groupId: options.transactionalId, coordinatorType: coordinatorTypes.transaction });
  }

  /** Takes over the transactional id: whoever had it is refused from now on, and what it left open is aborted. */
  fence(): Promise<void> {
    return this.#step(async () => {
      const { transactionalId, transactionTimeoutMs: transactionTimeout } = this.options;
      await this.#cluster.connect();
      this.#become(await this.#coordinator.ask<Identified>('InitProducerId', { transactionalId, transactionTimeout }, this.#patience));
    });
  }

  /** Resolves when every message is in the log, as part of the open transaction. */
  send(topicMessages: readonly TopicMessages[]): Promise<void> {
    return this.#step(async () => {
      const identity = await this.#ready();
      const batches = await this.#sender.prepare(topicMessages, this.#patience);
      // All of them before the first is produced: a partition that the coordinator does not know gets no end marker.
      await this.#addPartitions(batches, identity);
      await this.#sender.deliver(batches, identity, this.#patience);
    });
  }

  /** Moves a group's offsets with the commit. */
  sendOffsets({ consumerGroupId: groupId, topics }: GroupOffsets): Promise<void> {
    return this.#step(async () => {
      const identity = await this.#ready();
      if (!this.#offsetGroups.has(groupId)) {
        await this.#coordinator.ask('AddOffsetsToTxn', { ...identity, groupId }, this.#patience);
        this.#offsetGroups.add(groupId);
      }
      await this.#groupCoordinator(groupId).ask('TxnOffsetCommit', { ...identity, groupId, topics }, this.#patience);
    });
  }

  /** Makes all of it visible, or, when it throws, leaves unknown whether it is. Nothing added: nothing to do. */
  commit(): Promise<void> {
    return this.#step(async () => {
      if (this.#partitions.size + this.#offsetGroups.size === 0) return;
      await this.#coordinator.ask('EndTxn', { ...this.#fenced(), transactionResult: true }, this.#patience);
      this.#partitions.clear();
      this.#offsetGroups.clear();
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#cluster.disconnect();
  }

  async #addPartitions(batches: readonly Batch[], identity: ProducerIdentity): Promise<void> {
    const added = batches.filter((batch) => !this.#partitions.has(placeOf(batch)));
    if (added.length === 0) return;
    const topics = new Map<string, number[]>();
    for (const { topic, partition } of added) topics.set(topic, [...(topics.get(topic) ?? []), partition]);
    const fields = { ...identity, topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })) };
    await this.#coordinator.ask('AddPartitionsToTxn', fields, this.#patience);
    for (const batch of added) this.#partitions.add(placeOf(batch));
  }

  #groupCoordinator(groupId: string): Coordinator {
    const known = this.#groups.get(groupId);
    if (known !== undefined) return known;
    const coordinator = new Coordinator(this.#cluster, { groupId, coordinatorType: coordinatorTypes.group });
    this.#groups.set(groupId, coordinator);
    return coordinator;
  }

  #become({ producerId, producerEpoch }: Identified): ProducerIdentity {
    this.#sender = new BatchSender(this.#cluster, new SequenceNumbers());
    this.#partitions.clear();
    this.#offsetGroups.clear();
    for (const coordinator of this.#coordinators()) coordinator.mayOutlive = false;
    return (this.#identity = { producerId, producerEpoch, transactionalId: this.options.transactionalId });
  }

  #coordinators(): readonly Coordinator[] {
    return [this.#coordinator, ...this.#groups.values()];
  }

  /**
   * Who writes. Before a transaction the next epoch is taken when a request of an earlier one had no answer: worked on in
   * this one, it would end it half written or move its offsets back.
   */
  async #ready(): Promise<ProducerIdentity> {
    const identity = this.#fenced();
    const isBetween = this.#partitions.size + this.#offsetGroups.size === 0;
    if (!isBetween || !this.#coordinators().some(({ mayOutlive }) => mayOutlive)) return identity;
    const fields = { ...identity, transactionTimeout: this.options.transactionTimeoutMs };
    return this.#become(await this.#coordinator.ask<Identified>(nextEpochRequest, fields, this.#patience));
  }

  #fenced(): ProducerIdentity {
    if (this.#identity === null) throw new Error(`${this.options.transactionalId}: nobody was fenced yet`);
    return this.#identity;
  }

  /** The first failure of any kind ends the producer. */
  async #step(work: () => Promise<void>): Promise<void> {
    if (this.#spoilt !== null) throw this.#spoilt;
    try {
      await work();
    } catch (error) {
      this.#spoilt = error as Error;
      throw error;
    }
  }
}
