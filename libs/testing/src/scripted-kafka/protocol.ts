import { kafkaError } from './error-codes.ts';
import { type GroupAnswer, type GroupMember } from './group-members.ts';
import { type RecordBatch } from './record-batch.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What a request says of one partition; what its kind does not carry is absent. */
export interface PartitionRequest extends TopicPartition {
  /** Produce; undefined when the codec cannot read it. */
  readonly batch?: RecordBatch | undefined;
  /** TxnOffsetCommit, OffsetCommit; Fetch: the position. */
  readonly offset?: number;
  readonly metadata?: string | null;
  /** ListOffsets: -1 end, -2 start. */
  readonly timestamp?: number;
}

/** One shape for all requests, so that scripts read what they need without knowing the kind; what a kind lacks is neutral. */
export interface RequestBody {
  readonly partitions: readonly PartitionRequest[];
  readonly transactionalId: string | null;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly groupId: string | null;
  /** EndTxn. */
  readonly commit: boolean;
  /** Produce. */
  readonly acks: number;
  /** Metadata: null asks for all topics. */
  readonly topics: readonly string[] | null;
  /** FindCoordinator. */
  readonly coordinatorType: CoordinatorType;
  /** ListOffsets, Fetch. */
  readonly readCommitted: boolean;
  /** Fetch: how long the broker may wait for records. */
  readonly maxWaitMs: number;
  /** JoinGroup, SyncGroup, Heartbeat, LeaveGroup, OffsetCommit. */
  readonly member?: GroupMember;
  /** OffsetFetch without a list of partitions: all that the group has committed. */
  readonly allPartitions: boolean;
}

export type CoordinatorType = 'group' | 'transaction';

export const emptyBody: RequestBody = {
  partitions: [],
  transactionalId: null,
  producerId: -1,
  producerEpoch: -1,
  groupId: null,
  commit: false,
  acks: -1,
  topics: [],
  coordinatorType: 'group',
  readCommitted: false,
  maxWaitMs: 0,
  allPartitions: false,
};

export interface FetchedRecords {
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly batches: Buffer;
}

export interface PartitionAnswer extends TopicPartition {
  readonly errorCode: number;
  /** Base offset (Produce), the offset asked for (ListOffsets) or committed (OffsetFetch). */
  readonly offset: number;
  /** Fetch. */
  readonly fetched?: FetchedRecords;
}

export interface BrokerAddress {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

export interface PartitionMetadata {
  readonly partition: number;
  readonly leader: number | null;
  /** Number of its leader's election. */
  readonly epoch: number;
}

export interface ClusterMetadata {
  readonly brokers: readonly BrokerAddress[];
  readonly controller: number;
  readonly topics: readonly { readonly name: string; readonly errorCode: number; readonly partitions: readonly PartitionMetadata[] }[];
}

/** One shape for all answers. `errorCode` is the one of the whole answer; kinds that answer by partition have it there. */
export interface Answer {
  readonly errorCode: number;
  readonly partitions: readonly PartitionAnswer[];
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinator: BrokerAddress | null;
  readonly metadata: ClusterMetadata;
  /** JoinGroup, SyncGroup. */
  readonly group?: GroupAnswer;
}

export const emptyAnswer: Answer = {
  errorCode: kafkaError.none,
  partitions: [],
  producerId: -1,
  producerEpoch: -1,
  coordinator: null,
  metadata: { brokers: [], controller: -1, topics: [] },
};

export const answerOf = (errorCode: number): Answer => ({ ...emptyAnswer, errorCode });

export const partitionAnswer = ({ topic, partition }: TopicPartition, errorCode: number, offset = -1): PartitionAnswer => ({
  topic,
  partition,
  errorCode,
  offset,
});

export const samePartition = (one: TopicPartition, other: TopicPartition): boolean =>
  one.topic === other.topic && one.partition === other.partition;

export const partitionKey = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** The answer with this error in the place of what it said, for the partitions given or for all. */
export function withError(answer: Answer, errorCode: number, only?: readonly TopicPartition[]): Answer {
  const hit = (one: TopicPartition): boolean => only === undefined || only.some((each) => samePartition(each, one));
  const partitions = answer.partitions.map((one) => (hit(one) ? partitionAnswer(one, errorCode) : one));
  const topics = answer.metadata.topics.map((topic) => ({ ...topic, errorCode }));
  const whole = answer.partitions.length === 0 && topics.length === 0;
  return { ...answer, partitions, errorCode: whole ? errorCode : answer.errorCode, metadata: { ...answer.metadata, topics } };
}
