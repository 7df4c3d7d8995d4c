import { kafkaError } from './error-codes.ts';
import { GroupMembers } from './group-members.ts';
import { GroupOffsets } from './group-offsets.ts';
import { PartitionLog } from './partition-log.ts';
import { type BrokerAddress, type ClusterMetadata, type CoordinatorType, type TopicPartition } from './protocol.ts';
import { Transactions } from './transactions.ts';

export interface BrokerStatus {
  readonly address: BrokerAddress;
  /** Whether the controller lists it; a frozen broker stays listed until it is fenced. */
  readonly listed: boolean;
}

/** How many partitions, led by the brokers in turn, or the leader of each partition. */
export type TopicLayout = number | readonly (number | null)[];

interface Partition {
  leader: number | null;
  /** Number of the leader's election. */
  epoch: number;
  readonly log: PartitionLog;
}

/** What the cluster as a whole knows: it is replicated, no broker's failure takes any of it. */
export class ClusterState {
  readonly offsets = new GroupOffsets();
  readonly members = new GroupMembers();
  readonly transactions: Transactions;
  readonly #topics = new Map<string, readonly Partition[]>();
  readonly #coordinators = new Map<string, number | null>();

  constructor(
    private readonly brokers: readonly { readonly status: BrokerStatus }[],
    topics: Readonly<Record<string, TopicLayout>>,
  ) {
    for (const [name, layout] of Object.entries(topics)) {
      const leaders = typeof layout === 'number' ? Array.from({ length: layout }, (_, at) => (at % brokers.length) + 1) : layout;
      this.#topics.set(
        name,
        leaders.map((leader) => ({ leader, epoch: 0, log: new PartitionLog() })),
      );
    }
    this.transactions = new Transactions({
      endPartition: (at, producer, commit) => {
        const partition = this.partition(at);
        if (partition === undefined || partition.leader === null) return false;
        partition.log.endTransaction(producer, commit);
        return true;
      },
      endOffsets: (groupId, { producerId }, commit) => this.offsets.end(groupId, producerId, commit),
    });
  }

  partition({ topic, partition }: TopicPartition): Partition | undefined {
    return this.#topics.get(topic)?.[partition];
  }

  logOf(topic: string, partition: number): PartitionLog {
    const found = this.partition({ topic, partition });
    if (found === undefined) throw new Error(`${topic}/${partition} does not exist`);
    return found.log;
  }

  moveLeader(at: TopicPartition, leader: number | null): void {
    const partition = this.partition(at);
    if (partition === undefined) throw new Error(`${at.topic}/${at.partition} does not exist`);
    elect(partition, leader);
    this.transactions.writeWaitingMarkers();
  }

  /** Everything that this broker leads or coordinates gets this one, or nobody. */
  moveAll(from: number, to: number | null): void {
    for (const partitions of this.#topics.values()) {
      for (const partition of partitions) if (partition.leader === from) elect(partition, to);
    }
    for (const [key, coordinator] of this.#coordinators) if (coordinator === from) this.#coordinators.set(key, to);
    this.transactions.writeWaitingMarkers();
  }

  moveCoordinator(type: CoordinatorType, id: string, broker: number | null): void {
    this.#coordinators.set(`${type} ${id}`, broker);
  }

  /** Asked for the first time, a transactional id gets the first broker and a group the second: never the same one by chance. */
  coordinatorOf(type: CoordinatorType, id: string): number | null {
    const key = `${type} ${id}`;
    if (!this.#coordinators.has(key)) this.#coordinators.set(key, this.#listed().at(type === 'group' ? 1 : 0)?.id ?? this.controller);
    return this.#coordinators.get(key) ?? null;
  }

  addressOf(broker: number | null): BrokerAddress | null {
    return this.#listed().find(({ id }) => id === broker) ?? null;
  }

  get controller(): number {
    return this.#listed()[0]?.id ?? -1;
  }

  metadata(topics: readonly string[] | null): ClusterMetadata {
    const described = (topics ?? [...this.#topics.keys()]).map((name) => {
      const partitions = (this.#topics.get(name) ?? []).map(({ leader, epoch }, partition) => ({ partition, leader, epoch }));
      return { name, partitions, errorCode: this.#topics.has(name) ? kafkaError.none : kafkaError.unknownTopicOrPartition };
    });
    return { brokers: this.#listed(), controller: this.controller, topics: described };
  }

  #listed(): BrokerAddress[] {
    return this.brokers.filter(({ status }) => status.listed).map(({ status }) => status.address);
  }
}

function elect(partition: Partition, leader: number | null): void {
  partition.leader = leader;
  partition.epoch += 1;
}
