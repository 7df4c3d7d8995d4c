import { type Consumer, type ConsumerConfig, Kafka, type KafkaConfig, logLevel } from 'kafkajs';
import { type ApiName } from './api.ts';
import { type ReceivedRequest } from './received-request.ts';
import { type ScriptedKafka } from './scripted-kafka.ts';

export const topic = 'facts';
export const group = 'readers';

interface Crash {
  readonly error: Error;
  readonly restart: boolean;
}

export interface ReaderOptions {
  readonly consumer?: Partial<ConsumerConfig>;
  readonly client?: Partial<KafkaConfig>;
  readonly autoCommit?: boolean;
  readonly fromBeginning?: boolean;
}

/** A consumer of the client, the only one in its group, with the events that the specs look at. */
export class Reader {
  readonly joins: string[] = [];
  readonly crashes: Crash[] = [];
  readonly values: string[] = [];
  /** The error log. A restart of the consumer is logged there. */
  readonly errorLog: string[] = [];
  readonly consumer: Consumer;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly cluster: ScriptedKafka,
    private readonly options: ReaderOptions = {},
  ) {
    const retry = { initialRetryTime: 5, maxRetryTime: 20, retries: 2 };
    this.consumer = new Kafka({
      brokers: cluster.brokers,
      clientId: 'specs',
      connectionTimeout: 1_000,
      logLevel: logLevel.ERROR,
      logCreator:
        () =>
        ({ log }) =>
          void this.errorLog.push(log.message),
      retry,
      ...options.client,
    }).consumer({ groupId: group, maxWaitTimeInMs: 10, sessionTimeout: 6_000, heartbeatInterval: 20, retry, ...options.consumer });
    this.consumer.on('consumer.group_join', ({ payload }) => void this.joins.push(payload.memberId));
    this.consumer.on('consumer.crash', ({ payload }) => void this.crashes.push(payload));
  }

  /** Resolves when it has joined the group. */
  async start(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [topic], fromBeginning: this.options.fromBeginning ?? true });
    await this.run();
  }

  run(): Promise<void> {
    const { autoCommit = false } = this.options;
    this.#running = this.consumer.run({
      autoCommit,
      eachMessage: ({ message }) => {
        this.values.push(message.value?.toString() ?? '');
        return Promise.resolve();
      },
    });
    return this.#running;
  }

  async close(): Promise<void> {
    await this.consumer.disconnect();
    await this.#running;
  }

  requests(api: ApiName, broker?: number): ReceivedRequest[] {
    return this.cluster.requests.filter((one) => one.api === api && (broker === undefined || one.broker === broker));
  }

  count(api: ApiName, broker?: number): number {
    return this.requests(api, broker).length;
  }

  /** Resolves when each of these brokers has received so many more fetches. */
  async fetchesOn(brokers: readonly number[], times = 5): Promise<void> {
    const before = brokers.map((broker) => this.count('Fetch', broker));
    await this.cluster.until(() => brokers.every((broker, at) => this.count('Fetch', broker) >= (before[at] ?? 0) + times));
  }

  /** Resolves when this broker has answered a fetch of the partition without an error. */
  async reads(partition: number, broker: number): Promise<void> {
    const from = this.cluster.requests.length;
    await this.cluster.until(() =>
      this.requests('Fetch', broker).some(
        (one) => one.order >= from && one.fate === 'answered' && one.errors.length === 0 && one.concerns(topic, partition),
      ),
    );
  }
}
