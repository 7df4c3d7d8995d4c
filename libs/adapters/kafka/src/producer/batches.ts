import type { Message, TopicMessages } from 'kafkajs';
import { partitionOfKey } from '../key-partition.ts';

/** Messages of one send for one partition: the unit that a log takes once, known by its first sequence number. */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly Message[];
  readonly firstSequence: number;
}

/** Unique within a cluster. */
export const placeOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string => `${topic}/${partition}`;

const sequences = 2 ** 31;

/**
 * Numbers what a producer writes to each partition. A number is given once and stays with its messages over all tries:
 * a log knows a batch that it has by it, and a batch that it lacks as missing.
 */
export class SequenceNumbers {
  readonly #next = new Map<string, number>();

  /** The first number of `count` messages for that place; the next ones follow them. Begins at 0 again after 2^31 - 1. */
  take(place: string, count: number): number {
    const first = this.#next.get(place) ?? 0;
    this.#next.set(place, (first + count) % sequences);
    return first;
  }
}

/** The partition of a message, decided once: a retry that chose anew could write it twice. */
function partitionOf(topic: string, { partition, key }: Message, partitions: number): number {
  if (partition !== undefined) return partition;
  if (key === undefined || key === null) throw new Error(`${topic}: a message needs a key or a partition`);
  return partitionOfKey(key, partitions);
}

/** Splits a send by partition, order kept within each, and numbers the batches. */
export function batchesOf(
  topicMessages: readonly TopicMessages[],
  partitionCount: (topic: string) => number,
  sequence: SequenceNumbers,
): readonly Batch[] {
  const byPlace = new Map<string, { topic: string; partition: number; messages: Message[] }>();
  for (const { topic, messages } of topicMessages) {
    const partitions = partitionCount(topic);
    for (const message of messages) {
      const partition = partitionOf(topic, message, partitions);
      const place = placeOf({ topic, partition });
      const batch = byPlace.get(place);
      if (batch === undefined) byPlace.set(place, { topic, partition, messages: [message] });
      else batch.messages.push(message);
    }
  }
  return [...byPlace].map(([place, batch]) => ({ ...batch, firstSequence: sequence.take(place, batch.messages.length) }));
}
