import type { Codec } from '@paceline/contracts';
import type { FactWriter, OutputRecord } from '@paceline/pipeline';
import type { TopicMessages } from 'kafkajs';
import { factProducer, type AdapterLogger, type KafkaConnection } from './connection.ts';
import { encodeSends } from './encode-records.ts';
import type { IdempotentProducer } from './producer/idempotent-producer.ts';

export interface KafkaFactWriterOptions {
  readonly kafka: KafkaConnection;
  readonly codec: Codec;
  readonly logger: AdapterLogger;
}

const retryPauseMs = 200;
/** How long a stop waits for brokers that are away: what was not written then is reported as not written. */
const lastTriesMs = 10_000;

/**
 * Writes facts until the brokers have them: a fact is never dropped because Kafka was away. Rights are never written
 * here: they need a fence.
 */
export class KafkaFactWriter implements FactWriter {
  readonly name = 'fact writer';
  #producer: IdempotentProducer;
  #queue: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(private readonly options: KafkaFactWriterOptions) {
    this.#producer = factProducer(options.kafka);
  }

  async start(): Promise<void> {
    await this.#producer.connect();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const giveUp = setTimeout(() => void this.#producer.close().catch(() => undefined), lastTriesMs);
    await this.#queue;
    clearTimeout(giveUp);
    await this.#producer.close();
  }

  write(records: readonly OutputRecord[]): Promise<void> {
    const done = this.#queue.then(() => this.#writeUntilAcknowledged(records));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #writeUntilAcknowledged(records: readonly OutputRecord[]): Promise<void> {
    for (const topicMessages of encodeSends(this.options.codec, records)) {
      while (!(await this.#trySend(topicMessages))) await new Promise((resolve) => setTimeout(resolve, retryPauseMs));
    }
  }

  async #trySend(topicMessages: readonly TopicMessages[]): Promise<boolean> {
    try {
      await this.#producer.send(topicMessages);
      return true;
    } catch (error) {
      if (this.#stopped) throw error;
      this.options.logger.warn({ error: (error as Error).message }, 'facts not written; trying again with a new producer');
      await this.#producer.close().catch(() => undefined);
      this.#producer = factProducer(this.options.kafka);
      return false;
    }
  }
}
