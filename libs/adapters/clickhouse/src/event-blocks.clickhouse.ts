import type { ClickHouseClient } from '@clickhouse/client';
import { BlocksUnavailable, type Block, type EventBlocks } from '@paceline/domain/archiving';
import { failureText, isPassing } from './failures.ts';

/**
 * Blocks into the tables. Each table gets the block under a token of its own, so that a block sent again after a
 * failure between the two tables completes the second one and changes nothing in the first.
 */
export class ClickHouseEventBlocks implements EventBlocks {
  readonly #client: ClickHouseClient;
  #failure: string | null = null;

  constructor(client: ClickHouseClient) {
    this.#client = client;
  }

  /** Why the last insert failed; null when it went through. */
  get failure(): string | null {
    return this.#failure;
  }

  async insertBlock({ events, personal }: Block, token: string, signal?: AbortSignal): Promise<void> {
    try {
      await this.#insert('events', events, { token, signal });
      await this.#insert('personal', personal, { token, signal });
      this.#failure = null;
    } catch (error) {
      this.#failure = failureText(error);
      if (isPassing(error)) throw new BlocksUnavailable(this.#failure, { cause: error });
      throw new Error(this.#failure, { cause: error });
    }
  }

  async #insert(
    table: string,
    values: readonly object[],
    { token, signal }: { token: string; signal: AbortSignal | undefined },
  ): Promise<void> {
    if (values.length === 0) return;
    await this.#client.insert({
      table,
      values,
      format: 'JSONEachRow',
      ...(signal === undefined ? {} : { abort_signal: signal }),
      clickhouse_settings: { insert_deduplication_token: `${table}|${token}` },
    });
  }
}
