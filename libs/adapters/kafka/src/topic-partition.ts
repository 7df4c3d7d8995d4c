import type { TopicName } from '@paceline/contracts';

/** One partition of a topic. */
export interface TopicPartition {
  readonly topic: TopicName;
  readonly partition: number;
}

/** Unique within a cluster. */
export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
