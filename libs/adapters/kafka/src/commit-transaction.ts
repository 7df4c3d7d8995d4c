import { channel } from 'node:diagnostics_channel';
import type { Offsets, Producer, TopicMessages } from 'kafkajs';

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
  readonly offsets: (Offsets & { readonly consumerGroupId: string }) | null;
}

/** Records first, then offsets, then the commit, on a producer of its own. When it throws, its end is unknown. */
export async function commitTransaction(producer: Producer, { sends, offsets }: WholeTransaction): Promise<void> {
  checkpoint('transaction:before-begin');
  const open = await producer.transaction();
  for (const topicMessages of sends) {
    checkpoint('transaction:before-send');
    await open.sendBatch({ topicMessages, acks: -1 });
  }
  if (offsets !== null) {
    checkpoint('transaction:before-offsets');
    await open.sendOffsets(offsets);
  }
  checkpoint('transaction:before-commit');
  await open.commit();
  checkpoint('transaction:after-commit');
}
