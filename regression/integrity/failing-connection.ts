import type { KafkaConnection } from '@paceline/adapter-kafka';
import type { Producer, Transaction } from 'kafkajs';

/** What becomes of a commit request whose answer the client never sees. */
export type CommitFault = 'none' | 'answer-lost' | 'request-lost';

const broken = (): Error => Object.assign(new Error('Connection error: read ECONNRESET'), { name: 'KafkaJSConnectionError' });

async function faulty(transaction: Transaction, next: () => CommitFault): Promise<void> {
  const fault = next();
  if (fault !== 'request-lost') await transaction.commit();
  if (fault !== 'none') throw broken();
}

function withFaults(producer: Producer, next: () => CommitFault): Producer {
  return Object.create(producer, {
    transaction: {
      value: async (): Promise<Transaction> => {
        const transaction = await producer.transaction();
        return { ...transaction, commit: () => faulty(transaction, next) };
      },
    },
  }) as Producer;
}

/** The real client on the real broker, except that chosen commits end as they do when the connection breaks. */
export function failingConnection(connection: KafkaConnection, next: () => CommitFault): KafkaConnection {
  const kafka = Object.create(connection.kafka, {
    producer: { value: (config: object): Producer => withFaults(connection.kafka.producer(config), next) },
  }) as KafkaConnection['kafka'];
  return { ...connection, kafka };
}
