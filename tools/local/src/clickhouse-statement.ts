// What can be told from a statement's text: how its rows go in or out. Pure.
import type { Statement } from './clickhouse-request.ts';

/** Formats whose bytes go straight to the engine's own parser. */
const rawFormats = {
  JSONEachRow: true,
  JSONCompactEachRow: true,
  CSV: true,
  CSVWithNames: true,
  TSV: true,
  TabSeparated: true,
  TSVWithNames: true,
  TabSeparatedWithNames: true,
} as const;

type RawFormat = keyof typeof rawFormats;

export interface RawInsert {
  readonly table: string;
  readonly columns: readonly string[] | null;
  readonly format: RawFormat;
}

/** `INSERT INTO t (a, b) FORMAT JSONEachRow` and nothing more, or null. */
export function asRawInsert(sql: string): RawInsert | null {
  const match = /^INSERT\s+INTO\s+(?:TABLE\s+)?([\w.`"]+)\s*(?:\(([^()]*)\))?\s*FORMAT\s+(\w+)\s*$/i.exec(sql);
  const [, table, columns, format] = match ?? [];
  if (table === undefined || format === undefined || !(format in rawFormats)) return null;
  const bare = (name: string): string => name.trim().replace(/[`"]/g, '');
  return { table: bare(table), columns: columns?.split(',').map(bare) ?? null, format: format as RawFormat };
}

const rowFormats = /^(JSONEachRow|JSONCompactEachRow|JSONLines|NDJSON|TSV|TabSeparated|CSV)$/i;

/** A select in a row format can leave chunk by chunk; every other result is one piece. */
export function isStreamable({ sql, data, format, wholeResult }: Statement): boolean {
  return data.length === 0 && !wholeResult && rowFormats.test(format) && /^\s*(SELECT|WITH)\b/i.test(sql);
}
