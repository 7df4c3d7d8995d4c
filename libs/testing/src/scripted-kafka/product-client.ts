import { connectKafka, factProducer, type KafkaConnection, type TaskProducer } from '@paceline/adapter-kafka';
import { QuietLogger } from '../quiet-logger.ts';
import { type ApiName } from './api.ts';
import { kafkaError } from './error-codes.ts';
import { type Action } from './faults.ts';
import { type ProducerFactory, type SendMode } from './produce-scenarios.ts';
import { type ReceivedRequest } from './received-request.ts';
import { ScriptedKafka } from './scripted-kafka.ts';

export const topic = 'facts';
export const transactionalId = 'task';
export const group = 'readers';

/** A message's value and its partition. */
export type Sent = readonly [value: string, partition?: number];

/** What the specs write with: a transaction that is committed, or a plain send of the producer of facts. */
export interface Writer {
  write(...messages: readonly Sent[]): Promise<void>;
  close(): Promise<void>;
}

export const connectTo = (brokers: readonly string[]): KafkaConnection => connectKafka({ brokers, clientId: 'specs' }, new QuietLogger());

export const messagesOf = (messages: readonly Sent[]): { topic: string; messages: { partition: number; value: string }[] }[] => [
  { topic, messages: messages.map(([value, partition = 0]) => ({ value, partition })) },
];

export const offsetsOf = (offset: number): Parameters<TaskProducer['sendOffsets']>[0] => ({
  consumerGroupId: group,
  topics: [{ topic, partitions: [{ partition: 0, offset: String(offset) }] }],
});

/** A cluster with a topic whose partition n is on broker n + 1; broker 4 leads nothing and coordinates the transactions. */
export async function startCluster(brokers = 4): Promise<ScriptedKafka> {
  const cluster = await ScriptedKafka.start({ brokers, topics: { [topic]: [1, 2, 3] } });
  cluster.moveCoordinator(transactionalId, brokers);
  return cluster;
}

/** Ready to write: who writes is known. */
export async function openWriter(cluster: ScriptedKafka, mode: SendMode): Promise<Writer> {
  const connection = connectTo(cluster.brokers);
  if (mode === 'plain') {
    const producer = factProducer(connection);
    await producer.connect();
    return { write: (...messages) => producer.send(messagesOf(messages)), close: () => producer.close() };
  }
  const producer = connection.taskProducer(transactionalId);
  await producer.fence();
  return {
    write: async (...messages) => {
      await producer.send(messagesOf(messages));
      await producer.commit();
    },
    close: () => producer.close(),
  };
}

/** The product's producers for the scenarios that are written for the one of kafkajs. */
export const productProducer: ProducerFactory = (brokers, id) => {
  const connection = connectTo(brokers);
  if (id === undefined) {
    const producer = factProducer(connection);
    return {
      connect: () => producer.connect(),
      send: (record) => producer.send([record]),
      disconnect: () => producer.close(),
      transaction: () => Promise.reject(new Error('the producer of facts has no transactions')),
    };
  }
  const producer = connection.taskProducer(id);
  const send = (record: Parameters<TaskProducer['send']>[0][number]): Promise<void> => producer.send([record]);
  return {
    connect: () => producer.fence(),
    send,
    disconnect: () => producer.close(),
    transaction: () => Promise.resolve({ send, commit: () => producer.commit() }),
  };
};

/** A cluster and the producers of one transactional id, which end with it. */
export class TaskProducers {
  readonly #connection: KafkaConnection;
  readonly #opened: TaskProducer[] = [];

  private constructor(readonly cluster: ScriptedKafka) {
    this.#connection = connectTo(cluster.brokers);
  }

  static async start(): Promise<TaskProducers> {
    return new TaskProducers(await startCluster());
  }

  open(): TaskProducer {
    const opened = this.#connection.taskProducer(transactionalId);
    this.#opened.push(opened);
    return opened;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#opened.map((one) => one.close()));
    await this.cluster.stop();
  }
}

/** Says that this broker coordinates, whoever does. */
export const namesCoordinator =
  ({ brokers }: ScriptedKafka, id: number): Action =>
  (exchange) => {
    const [host = '', port] = brokers[id - 1]?.split(':') ?? [];
    exchange.reply({ ...exchange.refusal(kafkaError.none), coordinator: { id, host, port: Number(port) } });
  };

export const asked = ({ requests }: ScriptedKafka, ...apis: ApiName[]): ReceivedRequest[] =>
  requests.filter(({ api }) => apis.includes(api));

/** What the work rejects with; undefined when it does not. */
export const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

export const refusedWith = (code: number): object => ({ name: 'KafkaRefusal', code });
