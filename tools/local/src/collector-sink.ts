// Rows on their way to ClickHouse. The buffer is bounded: while ClickHouse is away it fills, then new rows are dropped and
// counted; receiving never waits. A block keeps its rows and its token until it is stored, so a repeated insert is one copy.
import { randomUUID } from 'node:crypto';
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import type { TraceRow } from './collector-rows.ts';
import { tracesTable } from './collector-table.ts';
import { messageOf } from './stack-error.ts';

const flushEveryMs = 500;
const rowsPerBlock = 5_000;
const longestBackoffMs = 10_000;

export interface SinkOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly database: string;
  readonly maxBufferedRows: number;
}

export interface SinkStats {
  readonly buffered: number;
  readonly inserted: number;
  readonly dropped: number;
}

interface Block {
  readonly token: string;
  readonly rows: readonly TraceRow[];
}

export class TraceSink {
  readonly #options: SinkOptions;
  readonly #client: ClickHouseClient;
  #rows: TraceRow[] = [];
  #block: Block | null = null;
  #inserted = 0;
  #dropped = 0;
  #failures = 0;
  #tableExists = false;
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: SinkOptions) {
    this.#options = options;
    const { url, username, password } = options;
    this.#client = createClient({ url, username, password, request_timeout: 10_000, log: { level: ClickHouseLogLevel.OFF } });
  }

  get stats(): SinkStats {
    return { buffered: this.#buffered(), inserted: this.#inserted, dropped: this.#dropped };
  }

  add(rows: readonly TraceRow[]): void {
    const room = Math.max(0, this.#options.maxBufferedRows - this.#buffered());
    this.#rows.push(...rows.slice(0, room));
    this.#dropped += Math.max(0, rows.length - room);
    this.#schedule();
  }

  /** Tries once more to store what is left; what cannot be stored is lost and counted. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#flushing;
    await this.#flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dropped += this.#buffered();
    await this.#client.close();
  }

  #buffered(): number {
    return this.#rows.length + (this.#block?.rows.length ?? 0);
  }

  #schedule(): void {
    if (this.#timer !== null || this.#buffered() === 0) return;
    const waitMs = Math.min(longestBackoffMs, flushEveryMs * 2 ** this.#failures);
    this.#timer = setTimeout(() => {
      this.#flushing = this.#flush().then(() => {
        this.#timer = null;
        this.#schedule();
      });
    }, waitMs);
  }

  async #flush(): Promise<void> {
    while (this.#buffered() > 0) {
      this.#block ??= { token: randomUUID(), rows: this.#rows.splice(0, rowsPerBlock) };
      try {
        await this.#insert(this.#block);
      } catch (error) {
        if (this.#failures === 0) console.error(`traces wait for ClickHouse: ${messageOf(error)}`);
        this.#failures = Math.min(this.#failures + 1, 10);
        return;
      }
      this.#inserted += this.#block.rows.length;
      this.#block = null;
      this.#failures = 0;
    }
  }

  async #insert({ token, rows }: Block): Promise<void> {
    await this.#ensureTable();
    await this.#client.insert({
      table: `${this.#options.database}.otel_traces`,
      values: rows,
      format: 'JSONEachRow',
      clickhouse_settings: { insert_deduplication_token: token },
    });
  }

  async #ensureTable(): Promise<void> {
    if (this.#tableExists) return;
    const { database } = this.#options;
    await this.#client.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
    await this.#client.command({ query: tracesTable.replace('otel_traces', `${database}.otel_traces`) });
    this.#tableExists = true;
  }
}
