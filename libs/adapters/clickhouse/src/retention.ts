import type { ClickHouseClient } from '@clickhouse/client';

/** How long rows are kept, days. */
export interface Retention {
  readonly eventsDays: number;
  /** Full numbers, bodies, uploaded rows and answers. */
  readonly personalDays: number;
}

/** Sets the tables' time to live where it differs; a change rewrites nothing, old parts go when they are wholly too old. */
export async function applyRetention(client: ClickHouseClient, { eventsDays, personalDays }: Retention): Promise<void> {
  await keepFor(client, 'events', eventsDays);
  await keepFor(client, 'personal', personalDays);
}

async function keepFor(client: ClickHouseClient, table: 'events' | 'personal', days: number): Promise<void> {
  if (!Number.isSafeInteger(days) || days < 1) throw new Error(`retention of ${table}: ${days} is not a number of days`);
  const answer = await client.query({
    query: 'SELECT engine_full FROM system.tables WHERE database = currentDatabase() AND name = {table:String}',
    query_params: { table },
    format: 'JSONEachRow',
  });
  const [found] = await answer.json<{ engine_full: string }>();
  if (found?.engine_full.includes(`toIntervalDay(${days})`) === true) return;
  await client.command({
    query: `ALTER TABLE ${table} MODIFY TTL toDateTime(occurred_at) + toIntervalDay(${days})`,
    clickhouse_settings: { materialize_ttl_after_modify: 0 },
  });
}
