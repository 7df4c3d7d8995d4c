import type { KafkaConnection, TaskProducer } from '@paceline/adapter-kafka';

/** What becomes of a commit request whose answer the client never sees. */
export type CommitFault = 'none' | 'answer-lost' | 'request-lost';

const broken = (): Error => Object.assign(new Error('Connection error: read ECONNRESET'), { name: 'KafkaJSConnectionError' });

async function faulty(producer: TaskProducer, next: () => CommitFault): Promise<void> {
  const fault = next();
  if (fault !== 'request-lost') await producer.commit();
  if (fault !== 'none') throw broken();
}

const withFaults = (producer: TaskProducer, next: () => CommitFault): TaskProducer => ({
  fence: () => producer.fence(),
  send: (topicMessages) => producer.send(topicMessages),
  sendOffsets: (offsets) => producer.sendOffsets(offsets),
  commit: () => faulty(producer, next),
  close: () => producer.close(),
});

/** The real client on the real broker, except that chosen commits end as they do when the connection breaks. */
export const failingConnection = (connection: KafkaConnection, next: () => CommitFault): KafkaConnection => ({
  ...connection,
  taskProducer: (transactionalId) => withFaults(connection.taskProducer(transactionalId), next),
});
