// Reads a file of suppressions whole: CSV with the ingestor's own reader, or JSON. Nothing of it is quoted in an error.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { FileRefused, readRows, type RowsPart } from '@paceline/adapter-objects';
import type { EntryProblem, WrittenEntry } from '@paceline/domain/ingest';
import { CliError, exitCodes } from '../exit-code.ts';

export interface WrittenFile {
  readonly columns: readonly string[];
  readonly entries: readonly WrittenEntry[];
  readonly problems: readonly EntryProblem[];
}

const limits = {
  maxFileBytes: 2 ** 30,
  maxRows: 10_000_000,
  maxColumns: 100,
  maxFieldLength: 10_000,
  maxJsonDepth: 10,
  maxGzipRatio: 100,
};

export async function suppressionFileBytes(path: string): Promise<Buffer> {
  if (path === '-') return buffer(process.stdin);
  if (!existsSync(path)) throw new CliError(`${path}: no such file`, exitCodes.usage);
  return readFile(path);
}

/** Its entries by the names it gives them. Throws a refusal with the line when the file cannot be read to its end. */
export async function writtenFileOf(name: string, bytes: Buffer): Promise<WrittenFile> {
  try {
    return /^\s*[[{]/.test(bytes.subarray(0, 1_000).toString('utf8')) ? jsonFile(bytes.toString('utf8')) : await csvFile(bytes);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const { reason, line } = error.fault;
    throw new CliError(`${name}${line === null ? '' : ` line ${line}`}: ${reason}`, exitCodes.refused);
  }
}

async function csvFile(bytes: Buffer): Promise<WrittenFile> {
  const reading = new CsvReading();
  const source = { stored: stored(bytes), compression: 'none', format: 'csv', limits } as const;
  for await (const part of readRows(source)) reading.take(part);
  return reading;
}

// eslint-disable-next-line @typescript-eslint/require-await -- a file in memory, where the reader takes streams
async function* stored(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

class CsvReading implements WrittenFile {
  columns: readonly string[] = [];
  readonly entries: WrittenEntry[] = [];
  readonly problems: EntryProblem[] = [];

  take(part: RowsPart): void {
    if (part.kind === 'header') this.columns = part.columns.map((column) => column.trim());
    else if (part.kind === 'rows') for (const row of part.rows) this.#row(row);
  }

  #row(row: Extract<RowsPart, { kind: 'rows' }>['rows'][number]): void {
    const place = `line ${row.line}`;
    if (row.kind === 'fault') this.problems.push({ place, reason: row.fault.reason });
    else if (row.kind === 'fields') this.#fields(place, row.fields);
  }

  #fields(place: string, fields: readonly string[]): void {
    const { columns } = this;
    if (fields.every((field) => field.trim() === '')) return;
    if (fields.length === columns.length) {
      this.entries.push({ place, values: Object.fromEntries(columns.map((column, at) => [column, fields[at] ?? ''])) });
    } else this.problems.push({ place, reason: `${fields.length} fields where the header has ${columns.length}` });
  }
}

const jsonHint = 'give {"Items": [...]} as Twilio takes them, {"rows": [...]} as `list` and `export` give them, or a bare array';

function jsonFile(text: string): WrittenFile {
  const entries: WrittenEntry[] = [];
  const problems: EntryProblem[] = [];
  for (const [at, item] of itemsOf(text).entries()) {
    const place = `item ${at + 1}`;
    const values = valuesOf(item);
    if (values === null) problems.push({ place, reason: 'is no object of texts' });
    else entries.push({ place, values });
  }
  return { columns: [...new Set(entries.flatMap(({ values }) => Object.keys(values)))], entries, problems };
}

function itemsOf(text: string): readonly unknown[] {
  const parsed = parsedJson(text);
  const { Items, rows } = parsed as { Items?: unknown; rows?: unknown };
  const items = [parsed, Items, rows].find((list) => Array.isArray(list));
  if (items === undefined) throw new FileRefused('unknown-format', jsonHint, null);
  return items as unknown[];
}

/** The parser's own message quotes what it reads, which may be a number. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? text.length);
    throw new FileRefused('broken-json', 'the JSON breaks off or is not well formed', text.slice(0, position).split('\n').length);
  }
}

/** Twilio's clients send each item as an object or as its JSON text. */
function valuesOf(item: unknown): Record<string, string> | null {
  const value: unknown = typeof item === 'string' ? textItem(item) : item;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const entries = Object.entries(value).map(([name, each]) => [name, each ?? ''] as const);
  return entries.every(([, each]) => typeof each === 'string') ? Object.fromEntries(entries) : null;
}

function textItem(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
