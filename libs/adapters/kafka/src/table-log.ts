import type { Codec, Event, TopicName } from '@paceline/contracts';
import type { Clock, Table } from '@paceline/pipeline';
import type { KafkaMessage } from 'kafkajs';
import type { AdapterLogger, FetchPatience, KafkaConnection } from './connection.ts';
import { decodeRecord } from './decode-records.ts';
import { endProcess } from './end-process.ts';
import type { NamedLeader } from './leaders-request.ts';
import { LogOffsets } from './log-offsets.ts';
import type { TopicPartition } from './topic-partition.ts';
import { readPartitions, type PartitionReader } from './partition-reader.ts';
import { ReadProof } from './read-proof.ts';

export interface TableLogOptions {
  readonly kafka: KafkaConnection;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly logger: AdapterLogger;
  /** Its own unless given. */
  readonly offsets?: LogOffsets;
  /** Called when the tables will never be fresh again; the default stops the process as SIGTERM does, with exit code 1. */
  readonly onFatal?: (error: Error) => void;
}

/** How long a table may be relied upon after the last instant that it is proven to be complete up to. */
const freshForMs = 1_000;
/** Answered as soon as there is one record; while nothing is written, each answer proves freshness as of 250 ms before. */
const tableFetch: FetchPatience = { minBytes: 1, maxWaitMs: 250 };
const lookEveryMs = 100;
/** Above twice the wait of a fetch, so that a quiet log is never asked for its ends; far below what freshness lasts. */
const askAfterMs = 550;
/** An answer that comes later proves nothing any more. */
const askForMs = 1_000;
const nameEveryMs = 300;

type Listener<E extends Event> = (key: string, data: E['data'] | undefined) => void;

/**
 * The compacted topics that a process folds in memory, all read from their beginning by one group of its own that never
 * commits. Not fresh = nobody may rely on them: the callers stop claiming and firing.
 */
export class TableLog {
  readonly name = 'tables';
  readonly #tables = new Map<TopicName, LogTable>();
  readonly #offsets: LogOffsets;
  #partitions: readonly TopicPartition[] = [];
  #reader: PartitionReader | null = null;
  #proof: ReadProof | null = null;
  #looking: NodeJS.Timeout | null = null;
  #asking = false;
  #naming = false;
  /** Their ends could not be asked for the last time; said once. */
  #unknown = false;
  #namedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: TableLogOptions) {
    this.#offsets = options.offsets ?? new LogOffsets(options.kafka.kafka);
  }

  /** Before the start. */
  table<E extends Event>(topic: TopicName): Table<E> {
    const found = this.#tables.get(topic) ?? new LogTable(() => this.#freshUntilMs(), this.options.clock);
    this.#tables.set(topic, found);
    return found;
  }

  /** Resolves when the tables stand at the end offsets that their topics had at the start. */
  async start(): Promise<void> {
    const { kafka, clock } = this.options;
    await this.#offsets.connect();
    this.#partitions = await this.#offsets.partitionsOf([...this.#tables.keys()]);
    this.#proof = new ReadProof(this.#partitions, () => clock.monotonicMs());
    this.#reader = await readPartitions({
      connection: kafka,
      offsets: this.#offsets,
      partitions: this.#partitions,
      fetch: tableFetch,
      each: (at, message) => this.#receive(at, message),
      onRead: this.#proof,
      onCrash: this.options.onFatal ?? ((error) => endProcess(this.options.logger, { groupId: this.name, error })),
    });
    await this.#reader.caughtUp();
    // In this order: who is named first and then gives its end has all of its predecessor's records.
    await this.#name();
    await this.#ask();
    this.#looking = setInterval(() => this.#look(), lookEveryMs);
    this.#looking.unref();
  }

  async stop(): Promise<void> {
    if (this.#looking !== null) clearInterval(this.#looking);
    await this.#reader?.stop();
    await this.#offsets.close();
  }

  ready(): true | string {
    if (this.options.clock.monotonicMs() < this.#freshUntilMs()) return true;
    return `the tables of ${[...this.#tables.keys()].join(' and ')} are not fresh`;
  }

  async #receive({ topic, partition }: TopicPartition, message: KafkaMessage): Promise<void> {
    const record = await decodeRecord(this.options.codec, { topic, partition, message });
    if (record.key === null) return;
    if (record.kind === 'event') this.#tables.get(topic)?.apply(record.key, record.event.data);
    else if (record.rawValue === null) this.#tables.get(topic)?.apply(record.key, undefined);
    else this.options.logger.error({ topic, offset: record.offset, reason: record.reason }, 'table record skipped');
  }

  #freshUntilMs(): number {
    return (this.#proof?.provenAtMs ?? Number.NEGATIVE_INFINITY) + freshForMs;
  }

  #look(): void {
    const nowMs = this.options.clock.monotonicMs();
    // Only a log that is written all the time, or cannot be read, is asked for its ends.
    if (nowMs - (this.#proof?.provenAtMs ?? 0) >= askAfterMs && !this.#asking) {
      this.#asking = true;
      void this.#ask().finally(() => (this.#asking = false));
    }
    if (nowMs - this.#namedAtMs >= nameEveryMs && !this.#naming) {
      this.#naming = true;
      void this.#name().finally(() => (this.#naming = false));
    }
  }

  /** Others name the leaders: a fetch that brings nothing proves something only if they are who is read from. */
  async #name(): Promise<void> {
    const askedAtMs = this.options.clock.monotonicMs();
    const leaders = await this.#offsets.leaders(this.#partitions).catch(() => new Map<string, NamedLeader>());
    this.#namedAtMs = askedAtMs;
    this.#proof?.named(leaders, askedAtMs);
  }

  async #ask(): Promise<void> {
    try {
      const askedAtMs = this.options.clock.monotonicMs();
      const ends = await this.#offsets.stableEnds(this.#partitions, askForMs);
      this.#proof?.asked(ends, askedAtMs);
      if (this.#unknown) this.options.logger.info({ topics: [...this.#tables.keys()] }, 'the tables are fresh again');
      this.#unknown = false;
    } catch (error) {
      const topics = [...this.#tables.keys()];
      if (!this.#unknown)
        this.options.logger.warn({ topics, error: (error as Error).message }, 'the tables are not fresh: their ends are unknown');
      this.#unknown = true;
    }
  }
}

/** One topic's newest values by key. */
class LogTable implements Table {
  readonly #entries = new Map<string, Event['data']>();
  readonly #listeners = new Set<Listener<Event>>();

  constructor(
    readonly freshUntilMs: () => number,
    private readonly clock: Clock,
  ) {}

  get(key: string): Event['data'] | undefined {
    return this.#entries.get(key);
  }

  entries(): IterableIterator<[string, Event['data']]> {
    return this.#entries.entries();
  }

  isFresh(): boolean {
    return this.clock.monotonicMs() < this.freshUntilMs();
  }

  onChange(listener: Listener<Event>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  apply(key: string, data: Event['data'] | undefined): void {
    if (data === undefined) this.#entries.delete(key);
    else this.#entries.set(key, data);
    for (const listener of this.#listeners) listener(key, data);
  }
}
