import { kafkaError } from './error-codes.ts';
import { type RequestBody, partitionKey, type TopicPartition } from './protocol.ts';

export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

export type InitResult = ProducerIdentity & { readonly errorCode: number };

/** Where the end of a transaction is written. */
export interface MarkerTargets {
  /** False while the partition has no leader: the transaction stays under way until it has one. */
  endPartition(partition: TopicPartition, producer: ProducerIdentity, commit: boolean): boolean;
  endOffsets(groupId: string, producer: ProducerIdentity, commit: boolean): void;
}

type State = 'empty' | 'ongoing' | 'ending' | 'complete';

interface Transaction {
  readonly producerId: number;
  epoch: number;
  /** The epoch whose owner asked for this one; null when a new instance did. */
  raisedFrom: number | null;
  state: State;
  /** How the last one ended, or is ending. */
  commit: boolean | null;
  readonly partitions: Map<string, TopicPartition>;
  readonly groups: Set<string>;
}

type Claim = Pick<RequestBody, 'transactionalId' | 'producerId' | 'producerEpoch'>;

const failure = (errorCode: number): InitResult => ({ errorCode, producerId: -1, producerEpoch: -1 });

/**
 * What the transaction coordinators know of all transactional ids: the rules of Kafka for clients that add partitions
 * themselves (before the second version of the transaction protocol). Error codes are those of the API versions 0 and 1,
 * in which a fenced producer is told INVALID_PRODUCER_EPOCH.
 */
export class Transactions {
  readonly #byId = new Map<string, Transaction>();
  #nextProducerId = 1000;

  constructor(private readonly targets: MarkerTargets) {}

  /** `current`: of who asks, when it wants the epoch after its own and nobody else's; -1 = a new instance, which fences. */
  initProducerId(transactionalId: string | null, current: ProducerIdentity = { producerId: -1, producerEpoch: -1 }): InitResult {
    if (transactionalId === null) return this.#identity(this.#nextProducerId++, 0);
    const known = this.#byId.get(transactionalId);
    if (known === undefined) return this.#begin(transactionalId);
    if (current.producerId >= 0) {
      if (known.raisedFrom === current.producerEpoch) return this.#identity(known.producerId, known.epoch);
      if (known.producerId !== current.producerId || known.epoch !== current.producerEpoch) return failure(kafkaError.invalidProducerEpoch);
    }
    if (known.state === 'ending') return failure(kafkaError.concurrentTransactions);
    if (known.state === 'ongoing') {
      // As the broker does it: the new producer is told to ask again, and the old one's transaction is aborted meanwhile.
      this.#fence(known);
      return failure(kafkaError.concurrentTransactions);
    }
    known.raisedFrom = current.producerId < 0 ? null : known.epoch;
    known.epoch += 1;
    known.state = 'empty';
    known.commit = null;
    return this.#identity(known.producerId, known.epoch);
  }

  addPartitions(claim: Claim, partitions: readonly TopicPartition[]): number {
    return this.#add(claim, (transaction) => {
      for (const partition of partitions) transaction.partitions.set(partitionKey(partition), partition);
    });
  }

  addGroup(claim: Claim, groupId: string): number {
    return this.#add(claim, (transaction) => transaction.groups.add(groupId));
  }

  end(claim: Claim, commit: boolean): number {
    const transaction = this.#find(claim);
    if (typeof transaction === 'number') return transaction;
    if (transaction.state === 'ongoing') {
      this.#end(transaction, commit);
      return kafkaError.none;
    }
    if (transaction.state === 'empty' || transaction.commit !== commit) return kafkaError.invalidTxnState;
    return transaction.state === 'ending' ? kafkaError.concurrentTransactions : kafkaError.none;
  }

  /** Whether the producer may append to this partition; asked by the partition's leader before the first batch. */
  mayAppend(claim: Claim, partition: TopicPartition): number {
    const code = this.#mayUse(claim, (transaction) => transaction.partitions.has(partitionKey(partition)));
    // A broker answers so because older clients do not expect the code of the coordinator in a produce answer.
    return code === kafkaError.concurrentTransactions ? kafkaError.notEnoughReplicas : code;
  }

  mayCommitOffsets(claim: Claim, groupId: string): number {
    return this.#mayUse(claim, (transaction) => transaction.groups.has(groupId));
  }

  /** The coordinator ends a transaction that took longer than its time-out; the producer is fenced. */
  abortByTimeout(transactionalId: string): void {
    const transaction = this.#byId.get(transactionalId);
    if (transaction?.state !== 'ongoing') throw new Error(`${transactionalId} has no ongoing transaction`);
    this.#fence(transaction);
  }

  /** To be called when a partition got a leader: markers that waited for one are written. */
  writeWaitingMarkers(): void {
    for (const transaction of this.#byId.values()) if (transaction.state === 'ending') this.#writeMarkers(transaction);
  }

  stateOf(transactionalId: string): string {
    const transaction = this.#byId.get(transactionalId);
    if (transaction === undefined) return 'unknown';
    const result = transaction.commit === null ? '' : transaction.commit ? ' commit' : ' abort';
    return transaction.state === 'empty' || transaction.state === 'ongoing' ? transaction.state : transaction.state + result;
  }

  #begin(transactionalId: string): InitResult {
    const producerId = this.#nextProducerId++;
    const nothing = { partitions: new Map<string, TopicPartition>(), groups: new Set<string>() };
    this.#byId.set(transactionalId, { producerId, epoch: 0, raisedFrom: null, state: 'empty', commit: null, ...nothing });
    return this.#identity(producerId, 0);
  }

  #identity(producerId: number, producerEpoch: number): InitResult {
    return { errorCode: kafkaError.none, producerId, producerEpoch };
  }

  #add(claim: Claim, add: (transaction: Transaction) => void): number {
    const transaction = this.#find(claim);
    if (typeof transaction === 'number') return transaction;
    if (transaction.state === 'ending') return kafkaError.concurrentTransactions;
    transaction.state = 'ongoing';
    transaction.commit = null;
    add(transaction);
    return kafkaError.none;
  }

  #mayUse(claim: Claim, holds: (transaction: Transaction) => boolean): number {
    const transaction = this.#find(claim);
    if (typeof transaction === 'number') return transaction;
    if (transaction.state === 'ending') return kafkaError.concurrentTransactions;
    return holds(transaction) ? kafkaError.none : kafkaError.invalidTxnState;
  }

  #find({ transactionalId, producerId, producerEpoch }: Claim): Transaction | number {
    const transaction = transactionalId === null ? undefined : this.#byId.get(transactionalId);
    if (transaction?.producerId !== producerId) return kafkaError.invalidProducerIdMapping;
    return transaction.epoch === producerEpoch ? transaction : kafkaError.invalidProducerEpoch;
  }

  #fence(transaction: Transaction): void {
    transaction.epoch += 1;
    transaction.raisedFrom = null;
    this.#end(transaction, false);
  }

  #end(transaction: Transaction, commit: boolean): void {
    transaction.state = 'ending';
    transaction.commit = commit;
    this.#writeMarkers(transaction);
  }

  #writeMarkers(transaction: Transaction): void {
    const producer = { producerId: transaction.producerId, producerEpoch: transaction.epoch };
    const commit = transaction.commit === true;
    for (const [key, partition] of transaction.partitions) {
      if (this.targets.endPartition(partition, producer, commit)) transaction.partitions.delete(key);
    }
    for (const groupId of transaction.groups) this.targets.endOffsets(groupId, producer, commit);
    transaction.groups.clear();
    if (transaction.partitions.size === 0) transaction.state = 'complete';
  }
}
