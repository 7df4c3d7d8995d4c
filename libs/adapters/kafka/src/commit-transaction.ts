import { channel } from 'node:diagnostics_channel';
import type { TopicMessages } from 'kafkajs';
import type { TaskProducer } from './connection.ts';
import type { GroupOffsets } from './producer/transactional-producer.ts';

/** One right before each await of a transaction, and one after its end. The kill matrix ends the process at each. */
export const transactionLabels = [
  'transaction:before-begin',
  'transaction:before-send',
  'transaction:before-offsets',
  'transaction:before-commit',
  'transaction:after-commit',
] as const;

const passing = channel('paceline:checkpoint');

function checkpoint(label: (typeof transactionLabels)[number]): void {
  if (passing.hasSubscribers) passing.publish(label);
}

export interface WholeTransaction {
  /** In order. */
  readonly sends: readonly TopicMessages[][];
  /** Null: the transaction moves no offset. */
  readonly offsets: GroupOffsets | null;
}

/** Records first, then offsets, then the commit, on a producer of its own. When it throws, its end is unknown. */
export async function commitTransaction(producer: TaskProducer, { sends, offsets }: WholeTransaction): Promise<void> {
  checkpoint('transaction:before-begin');
  for (const topicMessages of sends) {
    checkpoint('transaction:before-send');
    await producer.send(topicMessages);
  }
  if (offsets !== null) {
    checkpoint('transaction:before-offsets');
    await producer.sendOffsets(offsets);
  }
  checkpoint('transaction:before-commit');
  await producer.commit();
  checkpoint('transaction:after-commit');
}
