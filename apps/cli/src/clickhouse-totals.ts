import { closedOutcomes, type ClickHousePart, type ClosedOutcome } from '@paceline/domain/reporting';
import type { SqlClient } from './clickhouse-access.ts';

type Totals = Readonly<Record<ClosedOutcome | 'rows', string | number>>;

/** What ClickHouse says of these batches, by SQL alone; null when it cannot be asked. */
export async function clickHousePart(sql: SqlClient, batchIds: readonly string[]): Promise<ClickHousePart | null> {
  const sums = closedOutcomes.map((outcome) => `sum(${outcome}) AS ${outcome}`).join(', ');
  const query = `SELECT sum(rows) AS rows, ${sums} FROM (SELECT rows, ${closedOutcomes.join(', ')} FROM batch_progress WHERE batch_id IN {batches: Array(String)})`;
  try {
    const [totals] = await sql.ask<Totals>(query, { batches: batchIds });
    if (totals === undefined) return null;
    const outcomes = Object.fromEntries(closedOutcomes.map((outcome) => [outcome, Number(totals[outcome])])) as Record<
      ClosedOutcome,
      number
    >;
    return { rows: Number(totals.rows), outcomes };
  } catch {
    return null;
  }
}
