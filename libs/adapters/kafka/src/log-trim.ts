import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './connection.ts';
import { topicOffsets } from './topic-offsets.ts';

export interface LogTrimOptions {
  readonly kafka: KafkaConnection;
  readonly topic: string;
  /** Every group that reads the topic and still needs what it has not committed. */
  readonly groups: readonly string[];
}

/** How one partition of a log stands for who would shorten it. */
export interface LogStanding {
  /** First offset that is there. */
  readonly low: number;
  /** The lowest offset that any of the groups has committed; null when one has committed none. */
  readonly committed: number | null;
  /** First record written at the given instant or later; the end when there is none. */
  readonly firstSince: number;
}

/** Takes what nobody needs any more from the beginning of a log. */
export class KafkaLogTrim {
  readonly name: string;
  readonly #admin: Admin;

  constructor(private readonly options: LogTrimOptions) {
    this.name = `trim ${options.topic}`;
    this.#admin = options.kafka.kafka.admin();
  }

  async start(): Promise<void> {
    await this.#admin.connect();
  }

  async stop(): Promise<void> {
    await this.#admin.disconnect();
  }

  async standing(partition: number, sinceMs: number): Promise<LogStanding> {
    const { topic, groups } = this.options;
    const [own] = (await topicOffsets(this.#admin, topic)).filter((one) => one.partition === partition);
    const [first] = (await this.#admin.fetchTopicOffsetsByTimestamp(topic, sinceMs)).filter((one) => one.partition === partition);
    const committed = await Promise.all(groups.map((group) => this.#committed(group, partition)));
    return {
      low: Number(own?.low ?? 0),
      committed: committed.includes(null) ? null : Math.min(...committed.map(Number)),
      firstSince: Number(first?.offset ?? 0),
    };
  }

  /** Removes the records before that offset, for good. */
  async deleteBelow(partition: number, offset: number): Promise<void> {
    // -1 would mean: all of them.
    if (!Number.isSafeInteger(offset) || offset < 0) throw new Error(`no offset to delete below: ${offset}`);
    await this.#admin.deleteTopicRecords({ topic: this.options.topic, partitions: [{ partition, offset: String(offset) }] });
  }

  async #committed(groupId: string, partition: number): Promise<number | null> {
    const { topic } = this.options;
    const [answer] = await this.#admin.fetchOffsets({ groupId, topics: [topic] });
    const offset = Number(answer?.partitions.find((one) => one.partition === partition)?.offset ?? -1);
    return offset < 0 ? null : offset;
  }
}
