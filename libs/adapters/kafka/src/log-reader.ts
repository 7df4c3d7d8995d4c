import type { Codec, TopicName } from '@paceline/contracts';
import type { EventRecord, LogReader } from '@paceline/pipeline';
import { eagerFetch, type FetchPatience, type KafkaConnection } from './connection.ts';
import { decodeRecord } from './decode-records.ts';
import { LogOffsets } from './log-offsets.ts';
import { readPartitions } from './partition-reader.ts';

export interface KafkaLogReaderOptions {
  readonly kafka: KafkaConnection;
  readonly codec: Codec;
}

const patientFetch: FetchPatience = { minBytes: 65_536, maxWaitMs: 500 };

/** A reader that goes on until stopped. */
export interface Follower {
  /** Resolves when everything that was stable at this call has been seen. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Reads topics from their beginning, decoded, outside every group of ours; poison records are passed over. */
export class KafkaLogReader implements LogReader {
  constructor(private readonly options: KafkaLogReaderOptions) {}

  async readToEnd(topics: readonly TopicName[], each: (record: EventRecord) => void): Promise<void> {
    const follower = await this.#follow(topics, each, eagerFetch);
    try {
      await follower.caughtUp();
    } finally {
      await follower.stop();
    }
  }

  /** Reads to the stable end that the topics have now, no faster than `each` resolves; ends early when `until` aborts. */
  async scan(topics: readonly TopicName[], each: (record: EventRecord) => void | Promise<void>, until: AbortSignal): Promise<void> {
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    until.addEventListener('abort', stop, { once: true });
    const follower = await this.#follow(topics, (record) => (until.aborted ? undefined : each(record)), eagerFetch);
    try {
      if (!until.aborted) await Promise.race([follower.caughtUp(), stopped]);
    } finally {
      until.removeEventListener('abort', stop);
      await follower.stop();
    }
  }

  /** Starts reading and keeps on reading what is appended, up to half a second behind. */
  follow(topics: readonly TopicName[], each: (record: EventRecord) => void): Promise<Follower> {
    return this.#follow(topics, each, patientFetch);
  }

  async #follow(
    topics: readonly TopicName[],
    each: (record: EventRecord) => void | Promise<void>,
    fetch: FetchPatience,
  ): Promise<Follower> {
    const offsets = new LogOffsets(this.options.kafka.kafka);
    await offsets.connect();
    const partitions = await offsets.partitionsOf(topics);
    const reader = await readPartitions({
      connection: this.options.kafka,
      offsets,
      partitions,
      fetch,
      each: async (at, message) => {
        const record = await decodeRecord(this.options.codec, { ...at, message });
        if (record.kind === 'event') await each(record);
      },
    });
    return {
      caughtUp: () => reader.caughtUp(),
      stop: async () => {
        await reader.stop();
        await offsets.close();
      },
    };
  }
}
