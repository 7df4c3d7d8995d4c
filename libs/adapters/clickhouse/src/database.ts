import { connectClickHouse, type ClickHouseSettings } from './connection.ts';
import { migrate } from './migrations.ts';
import { applyRetention, type Retention } from './retention.ts';

const plainName = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/** Makes the database when it is missing, migrates it and sets its retention. Repeatable; returns what was applied. */
export async function prepareDatabase(settings: ClickHouseSettings, retention?: Retention): Promise<readonly string[]> {
  await createDatabase(settings);
  const client = connectClickHouse(settings);
  try {
    const applied = await migrate(client);
    if (retention !== undefined) await applyRetention(client, retention);
    return applied;
  } finally {
    await client.close();
  }
}

async function createDatabase(settings: ClickHouseSettings): Promise<void> {
  const { database } = settings;
  if (!plainName.test(database)) throw new Error(`ClickHouse database ${JSON.stringify(database)}: letters, digits and _ only`);
  const client = connectClickHouse({ ...settings, database: 'default' });
  try {
    const answer = await client.query({
      query: 'SELECT count() AS found FROM system.databases WHERE name = {database:String}',
      query_params: { database },
      format: 'JSONEachRow',
    });
    const [row] = await answer.json<{ found: string | number }>();
    if (Number(row?.found ?? 0) === 0) await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${database}` });
  } finally {
    await client.close();
  }
}
