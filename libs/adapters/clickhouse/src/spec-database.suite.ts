import type { ClickHouseClient } from '@clickhouse/client';
import { connectClickHouse, type ClickHouseSettings } from './connection.ts';
import { prepareDatabase } from './database.ts';

/** A database of a spec's own on the engine that the integration set-up started. */
export class SpecDatabase {
  readonly settings: ClickHouseSettings;
  readonly client: ClickHouseClient;

  constructor(name: string) {
    const { CLICKHOUSE_URL: url, CLICKHOUSE_USER: username, CLICKHOUSE_PASSWORD: password } = process.env;
    if (url === undefined) throw new Error('integration specs need CLICKHOUSE_URL: run them with `npm run test:integration`');
    const credentials = { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
    this.settings = { url, database: `spec_${name}_${process.pid}_${Date.now()}`, ...credentials };
    this.client = connectClickHouse(this.settings);
  }

  prepare(): Promise<readonly string[]> {
    return prepareDatabase(this.settings, { eventsDays: 400, personalDays: 30 });
  }

  async ask<T = Record<string, unknown>>(query: string, parameters: Record<string, unknown> = {}): Promise<T[]> {
    const answer = await this.client.query({
      query,
      query_params: parameters,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return answer.json<T>();
  }

  async drop(): Promise<void> {
    await this.client.command({ query: `DROP DATABASE IF EXISTS ${this.settings.database}` });
    await this.client.close();
  }
}

/** Recent, so that no row is older than it may be kept; in the past, so that nothing is in the future. */
export const recentMicros = (): number => Math.floor(Date.now() / 1_000 - 60) * 1_000_000;
