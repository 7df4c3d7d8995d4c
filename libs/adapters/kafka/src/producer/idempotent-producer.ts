import type { TopicMessages } from 'kafkajs';
import { ask, type ClientCluster } from '../client-cluster.ts';
import { SequenceNumbers } from './batches.ts';
import { clusterUntilClosed } from './cluster-until-closed.ts';
import { coordinatorVerdict, KafkaRefusal, nameOfCode } from './error-codes.ts';
import { answerWhile, tryUntilDone, type Patience } from './patience.ts';
import { BatchSender, type Identified, type ProducerIdentity } from './sender.ts';

/**
 * Writes without transactions: each message is in the log once when `send` resolves. A send that was given up leaves its
 * producer unusable: what follows would be numbered after messages that may be missing.
 */
export class IdempotentProducer {
  readonly #closing = new AbortController();
  readonly #cluster: ClientCluster;
  readonly #sender: BatchSender;
  #identity: ProducerIdentity | null = null;
  #spoilt: Error | null = null;
  /** Whom to ask next: another one each time, because who did not answer may go on so. */
  #turn = Math.floor(Math.random() * 1_000);

  constructor(cluster: ClientCluster) {
    this.#cluster = clusterUntilClosed(cluster, this.#closing.signal);
    this.#sender = new BatchSender(this.#cluster, new SequenceNumbers());
  }

  /** One send at a time. `forMs`: how long it is tried; Infinity = until it is in the log or the producer is closed. */
  async send(topicMessages: readonly TopicMessages[], { forMs = Infinity }: { readonly forMs?: number } = {}): Promise<void> {
    if (this.#spoilt !== null) throw this.#spoilt;
    const patience: Patience = { closed: this.#closing.signal, forMs };
    const identity = (this.#identity ??= await this.#identify(patience));
    const batches = await this.#sender.prepare(topicMessages, patience);
    try {
      await this.#sender.deliver(batches, identity, patience);
    } catch (error) {
      this.#spoilt = error as Error;
      throw error;
    }
  }

  async connect(): Promise<void> {
    await this.#cluster.connect();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#cluster.disconnect();
  }

  /** Any broker may give out an identity. */
  async #identify(patience: Patience): Promise<ProducerIdentity> {
    let identity: ProducerIdentity | null = null;
    await tryUntilDone(async () => {
      const answer = await this.#askAnyone(patience.closed).catch((error: unknown) => error as Error);
      if (answer instanceof Error) return answer;
      const { verdict, code } = coordinatorVerdict([answer.errorCode]);
      if (verdict === 'refused') throw new KafkaRefusal(code, 'InitProducerId');
      if (verdict !== 'done') return new Error(`InitProducerId: ${nameOfCode(code)}`);
      identity = { producerId: answer.producerId, producerEpoch: answer.producerEpoch, transactionalId: null };
      return null;
    }, patience);
    if (identity === null) throw new Error('InitProducerId: no answer');
    return identity;
  }

  async #askAnyone(closed: AbortSignal): Promise<Identified> {
    await this.#cluster.refreshMetadataIfNecessary();
    const nodeIds = this.#cluster.getNodeIds();
    const nodeId = nodeIds[(this.#turn += 1) % nodeIds.length];
    if (nodeId === undefined) throw new Error('no broker is known');
    const broker = await this.#cluster.findBroker({ nodeId });
    // A broker that is silent for as long as a look takes is passed over: any other does as well.
    return answerWhile(ask<Identified>(broker, 'InitProducerId', {}), () => Promise.resolve(true), closed);
  }
}
