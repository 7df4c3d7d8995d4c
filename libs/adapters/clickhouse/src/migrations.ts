import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import type { ClickHouseClient } from '@clickhouse/client';

/** A numbered file of statements; once applied anywhere it is never changed. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** An applied file was edited: databases would differ by when they were made. Add a new file instead. */
export class MigrationChanged extends Error {
  override readonly name = 'MigrationChanged';
}

const folder = new URL('../migrations/', import.meta.url);
const fileName = /^(\d{3})_[a-z0-9_]+\.sql$/;

/** The migrations shipped with this package, in order. */
export function shippedMigrations(): readonly Migration[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const number = fileName.exec(name)?.[1];
      if (number === undefined) throw new Error(`migrations: ${name} is not named NNN_words.sql`);
      return { number: Number(number), name, sql: readFileSync(new URL(name, folder), 'utf8') };
    });
}

const checksumOf = ({ sql }: Migration): string => createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');

/** Statements end with `;` at the end of a line; comments stay, so that a view keeps its explanation. */
export const statementsOf = (sql: string): readonly string[] =>
  sql
    .split(/;[ \t]*\r?$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replace(/--.*$/gm, '').trim() !== '');

const ledger = `
CREATE TABLE IF NOT EXISTS migrations
(
    number UInt32,
    name String,
    checksum String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY number
SETTINGS non_replicated_deduplication_window = 10000`;

/**
 * Brings the client's database up to date and returns the names of what was applied. Every statement can be repeated
 * (IF NOT EXISTS, OR REPLACE), so a run that was killed, or two at once, end in the same schema. A number this build
 * does not know (an older build beside a newer one) is left alone.
 */
export async function migrate(
  client: ClickHouseClient,
  migrations: readonly Migration[] = shippedMigrations(),
): Promise<readonly string[]> {
  await client.command({ query: ledger });
  const applied = await appliedChecksums(client);
  const missing = migrations.filter((migration) => !isApplied(migration, applied));
  for (const migration of missing) await apply(client, migration);
  return missing.map(({ name }) => name);
}

async function appliedChecksums(client: ClickHouseClient): Promise<ReadonlyMap<number, string>> {
  const answer = await client.query({ query: 'SELECT number, checksum FROM migrations FINAL', format: 'JSONEachRow' });
  const rows = await answer.json<{ number: number; checksum: string }>();
  return new Map(rows.map(({ number, checksum }) => [number, checksum]));
}

function isApplied(migration: Migration, applied: ReadonlyMap<number, string>): boolean {
  const checksum = applied.get(migration.number);
  if (checksum !== undefined && checksum !== checksumOf(migration)) {
    throw new MigrationChanged(`migration ${migration.name} was changed after it had been applied; restore it and add a new file`);
  }
  return checksum !== undefined;
}

async function apply(client: ClickHouseClient, migration: Migration): Promise<void> {
  try {
    for (const query of statementsOf(migration.sql)) await client.command({ query });
  } catch (error) {
    throw new Error(`migration ${migration.name}: ${(error as Error).message}`, { cause: error });
  }
  const { number, name } = migration;
  await client.insert({ table: 'migrations', values: [{ number, name, checksum: checksumOf(migration) }], format: 'JSONEachRow' });
}
