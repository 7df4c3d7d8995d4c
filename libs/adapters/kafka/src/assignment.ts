import type { TopicName } from '@paceline/contracts';

/** What a process owns between two joins of its group. */
export interface Assignment {
  /** Counts the joins of this process; 0 = it has not joined yet. */
  readonly generation: number;
  /** Topics of the group by partition number. */
  readonly topicsOf: ReadonlyMap<number, readonly TopicName[]>;
}

/** A join names partitions by topic; tasks own one partition number of all topics. */
export function topicsByPartition(
  memberAssignment: Readonly<Record<TopicName, readonly number[]>>,
): ReadonlyMap<number, readonly TopicName[]> {
  const topicsOf = new Map<number, TopicName[]>();
  for (const [topic, partitions] of Object.entries(memberAssignment) as [TopicName, readonly number[]][]) {
    for (const partition of partitions) topicsOf.set(partition, [...(topicsOf.get(partition) ?? []), topic]);
  }
  return topicsOf;
}
