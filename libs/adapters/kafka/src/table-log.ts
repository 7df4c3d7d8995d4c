import type { Codec, Event, TopicName } from '@paceline/contracts';
import type { Clock, Table } from '@paceline/pipeline';
import type { Admin } from 'kafkajs';
import type { AdapterLogger, FetchPatience, KafkaConnection } from './connection.ts';
import { decodeRecord } from './decode-records.ts';
import { readPartitions, stableEnds, type PartitionReader, type TopicPartition } from './partition-reader.ts';
import { topicOffsets } from './topic-offsets.ts';

export interface TableReaderOptions {
  readonly kafka: KafkaConnection;
  readonly codec: Codec;
  readonly topic: TopicName;
  readonly clock: Clock;
  readonly logger: AdapterLogger;
}

const freshForMs = 1_000;
const askEveryMs = 400;
/** Answered as soon as there is one record: an idle table costs two fetches a second. */
const tableFetch: FetchPatience = { minBytes: 1, maxWaitMs: 500 };

type Listener<E extends Event> = (key: string, data: E['data'] | undefined) => void;

/**
 * A compacted topic folded in memory, from its beginning, by a group of its own that never commits.
 * Not fresh = nobody may rely on it: the callers stop claiming and firing.
 */
export class TableReader<E extends Event> implements Table<E> {
  readonly name: string;
  readonly #entries = new Map<string, E['data']>();
  readonly #listeners = new Set<Listener<E>>();
  readonly #admin: Admin;
  #partitions: readonly TopicPartition[] = [];
  #reader: PartitionReader | null = null;
  #answeredAtMs = Number.NEGATIVE_INFINITY;
  #ends: readonly { at: TopicPartition; low: number; high: number }[] = [];
  #asking: NodeJS.Timeout | null = null;

  constructor(private readonly options: TableReaderOptions) {
    this.name = `table ${options.topic}`;
    this.#admin = options.kafka.kafka.admin();
  }

  /** Resolves when the table stands at the end offsets that the topic had at the start. */
  async start(): Promise<void> {
    const { topic, codec, kafka } = this.options;
    await this.#admin.connect();
    const offsets = await topicOffsets(this.#admin, topic);
    this.#partitions = offsets.map(({ partition }) => ({ topic, partition }));
    this.#reader = await readPartitions({
      connection: kafka,
      admin: this.#admin,
      partitions: this.#partitions,
      fetch: tableFetch,
      each: async (at, message) => {
        const record = await decodeRecord(codec, { topic, partition: at.partition, message });
        if (record.key === null) return;
        if (record.kind === 'event') this.#apply(record.key, record.event.data);
        else if (record.rawValue === null) this.#apply(record.key, undefined);
        else this.options.logger.error({ topic, offset: record.offset, reason: record.reason }, 'table record skipped');
      },
    });
    await this.#reader.caughtUp();
    await this.#ask();
    this.#asking = setInterval(() => void this.#ask(), askEveryMs);
    this.#asking.unref();
  }

  async stop(): Promise<void> {
    if (this.#asking !== null) clearInterval(this.#asking);
    await this.#reader?.stop();
    await this.#admin.disconnect();
  }

  ready(): true | string {
    return this.isFresh() ? true : `${this.name} is not fresh`;
  }

  get(key: string): E['data'] | undefined {
    return this.#entries.get(key);
  }

  entries(): IterableIterator<[string, E['data']]> {
    return this.#entries.entries();
  }

  isFresh(): boolean {
    return this.options.clock.monotonicMs() < this.freshUntilMs();
  }

  freshUntilMs(): number {
    const reader = this.#reader;
    const isCaughtUp = this.#ends.every(({ at, low, high }) => high <= low || (reader?.position(at) ?? low) >= high);
    return reader !== null && isCaughtUp ? this.#answeredAtMs + freshForMs : Number.NEGATIVE_INFINITY;
  }

  onChange(listener: Listener<E>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #apply(key: string, data: E['data'] | undefined): void {
    if (data === undefined) this.#entries.delete(key);
    else this.#entries.set(key, data);
    for (const listener of this.#listeners) listener(key, data);
  }

  async #ask(): Promise<void> {
    try {
      const askedAt = this.options.clock.monotonicMs();
      this.#ends = await stableEnds(this.#admin, this.#partitions);
      this.#answeredAtMs = askedAt;
    } catch (error) {
      this.options.logger.warn({ topic: this.options.topic, error: (error as Error).message }, 'end offsets of a table unknown');
    }
  }
}
