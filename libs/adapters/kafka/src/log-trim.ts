import type { TopicName } from '@paceline/contracts';
import type { Admin } from 'kafkajs';
import type { KafkaConnection } from './connection.ts';
import { LogOffsets } from './log-offsets.ts';

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
  readonly #offsets: LogOffsets;

  constructor(private readonly options: LogTrimOptions) {
    this.name = `trim ${options.topic}`;
    this.#admin = options.kafka.kafka.admin();
    this.#offsets = new LogOffsets(options.kafka.kafka);
  }

  async start(): Promise<void> {
    await Promise.all([this.#admin.connect(), this.#offsets.connect()]);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#admin.disconnect(), this.#offsets.close()]);
  }

  async standing(partition: number, sinceMs: number): Promise<LogStanding> {
    const at = { topic: this.options.topic as TopicName, partition };
    const [ends, firstSince, ...committed] = await Promise.all([
      this.#offsets.stableEnds([at]),
      this.#offsets.firstSince(at, sinceMs),
      ...this.options.groups.map((group) => this.#offsets.committed(group, [at])),
    ]);
    const positions = committed.flat().map(({ offset }) => offset);
    return { low: ends[0]?.low ?? 0, committed: positions.some((offset) => offset < 0) ? null : Math.min(...positions), firstSince };
  }

  /** Removes the records before that offset, for good. */
  async deleteBelow(partition: number, offset: number): Promise<void> {
    // -1 would mean: all of them.
    if (!Number.isSafeInteger(offset) || offset < 0) throw new Error(`no offset to delete below: ${offset}`);
    // The client sends to who led when it last looked, and never looks again by itself.
    await this.#admin.fetchTopicMetadata({ topics: [this.options.topic] });
    await this.#admin.deleteTopicRecords({ topic: this.options.topic, partitions: [{ partition, offset: String(offset) }] });
  }
}
