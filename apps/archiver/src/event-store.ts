import {
  ClickHouseEventBlocks,
  connectClickHouse,
  failureText,
  isPassing,
  prepareDatabase,
  type ClickHouseSettings,
  type Retention,
} from '@paceline/adapter-clickhouse';
import type { Timers } from './timers.ts';

export interface EventStoreOptions {
  readonly settings: ClickHouseSettings;
  readonly retention: Retention;
  /** Make and migrate the database at start. */
  readonly migrate: boolean;
  readonly timers: Timers;
  readonly logger: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const retryMs = 1_000;

/** ClickHouse as a part of the service: its schema is there before the first record is read. */
export class EventStore {
  readonly name = 'clickhouse';
  readonly blocks: ClickHouseEventBlocks;
  readonly #options: EventStoreOptions;
  readonly #client: ReturnType<typeof connectClickHouse>;
  readonly #stopping = new AbortController();

  constructor(options: EventStoreOptions) {
    this.#options = options;
    this.#client = connectClickHouse(options.settings);
    this.blocks = new ClickHouseEventBlocks(this.#client);
  }

  /** Waits for a server that is not there yet; rejects when it answers that this cannot be done. */
  async start(): Promise<void> {
    const { migrate, settings, retention, logger, timers } = this.#options;
    while (migrate && !this.#stopping.signal.aborted) {
      try {
        const applied = await prepareDatabase(settings, retention);
        if (applied.length > 0) logger.info({ versions: applied }, 'database migrated');
        return;
      } catch (error) {
        if (!isPassing(causeOf(error))) throw error;
        logger.warn({ error: failureText(error) }, 'ClickHouse is not available: waiting');
        await timers.wait(retryMs, this.#stopping.signal);
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#client.close();
  }

  ready(): true | string {
    return this.blocks.failure ?? true;
  }
}

/** A migration names its file around what went wrong. */
const causeOf = (error: unknown): unknown => (error as Error).cause ?? error;
