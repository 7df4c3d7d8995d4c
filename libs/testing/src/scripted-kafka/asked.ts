import { type ClusterState } from './cluster-state.ts';
import { kafkaError } from './error-codes.ts';
import { type Answer, type CoordinatorType, emptyAnswer, partitionAnswer, type RequestBody, type TopicPartition } from './protocol.ts';

export interface Asked {
  readonly state: ClusterState;
  /** The broker that was asked. */
  readonly broker: number;
  readonly body: RequestBody;
}

export type RequestRule = (asked: Asked) => Answer;

/** What is wrong with asking this broker about this partition; nothing when it leads it. */
export function leadership({ state, broker }: Asked, at: TopicPartition): number {
  const partition = state.partition(at);
  if (partition === undefined) return kafkaError.unknownTopicOrPartition;
  return partition.leader === broker ? kafkaError.none : kafkaError.notLeaderOrFollower;
}

export function coordination({ state, broker }: Asked, type: CoordinatorType, id: string | null): number {
  return id === null || state.coordinatorOf(type, id) === broker ? kafkaError.none : kafkaError.notCoordinator;
}

export const eachPartition = (errorCode: number, { partitions }: RequestBody): Answer => ({
  ...emptyAnswer,
  partitions: partitions.map((one) => partitionAnswer(one, errorCode)),
});
