import Table from 'cli-table3';

type Cell = string | number | boolean | null | readonly unknown[] | object;
type Row = Readonly<Record<string, Cell | undefined>>;

const text = (value: Cell | undefined): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** Doubles quotes where a field needs them; RFC 4180. */
const csvField = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

function columnsOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

const printers = {
  table: (rows: readonly Row[]): string => {
    const columns = columnsOf(rows);
    const table = new Table({ head: columns, style: { head: [], border: [] } });
    for (const row of rows) table.push(columns.map((column) => text(row[column])));
    return table.toString();
  },
  json: (rows: readonly Row[]): string => JSON.stringify({ schemaVersion: 1, rows }),
  ndjson: (rows: readonly Row[]): string => rows.map((row) => JSON.stringify(row)).join('\n'),
  csv: (rows: readonly Row[]): string => {
    const columns = columnsOf(rows);
    return [columns, ...rows.map((row) => columns.map((column) => text(row[column])))]
      .map((line) => line.map(csvField).join(','))
      .join('\n');
  },
};

export type OutputFormat = keyof typeof printers;

/** Writes rows in the chosen form; nothing but the rows goes to standard output. */
export function printRows(rows: readonly Row[], format: OutputFormat): void {
  if (rows.length === 0 && format === 'table') process.stdout.write('nothing to show\n');
  else process.stdout.write(`${printers[format](rows)}\n`);
}
