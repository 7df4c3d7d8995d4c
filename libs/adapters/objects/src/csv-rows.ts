import type { RawRow } from '@paceline/domain/ingest';
import { CsvRecords, type CsvRecord } from './csv-records.ts';
import { FileRefused } from './file-refused.ts';
import type { RowSplitter, SplitRows } from './row-splitter.ts';

const candidates = [',', ';', '\t', '|'] as const;

/** The separator that stands most often in the header, outside quotes; a comma when there is none. */
export function delimiterOf(headerLine: string): string {
  const bare = headerLine.replace(/"(?:[^"]|"")*"/g, '');
  const counts = candidates.map((candidate) => bare.split(candidate).length);
  return candidates[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** CSV: a header, then one row per record. Blank lines are no rows. */
export class CsvRows implements RowSplitter {
  #records: CsvRecords | null = null;
  #head = '';
  #headed = false;
  #row = 0;
  #skipped = 0;

  constructor(private readonly maxRecordChars: number) {}

  get line(): number {
    return this.#skipped + (this.#records?.line ?? 1);
  }

  push(text: string): SplitRows {
    if (this.#records !== null) return this.#split(this.#records.push(text));
    this.#head += text;
    const headerLine = /^[\r\n]*[^\r\n]+[\r\n]/.exec(this.#head);
    if (headerLine === null && this.#head.length <= this.maxRecordChars) return { rows: [] };
    return this.#begin();
  }

  end(): SplitRows {
    const begun = this.#records === null ? this.#begin() : { rows: [] };
    const rest = this.#split(this.#records?.end() ?? []);
    const header = begun.header ?? rest.header;
    const rows = [...begun.rows, ...rest.rows];
    if (!this.#headed) throw new FileRefused('empty-file', 'holds no text but blank lines', 1);
    return header === undefined ? { rows } : { header, rows };
  }

  /** Settles the separator, by the `sep=` line that spreadsheets write or by the header, and takes the text so far. */
  #begin(): SplitRows {
    const told = /^sep=(.)(?:\r\n|\n|\r)/i.exec(this.#head);
    const text = told === null ? this.#head : this.#head.slice(told[0].length);
    this.#skipped = told === null ? 0 : 1;
    const headerLine = /[^\r\n]+/.exec(text)?.[0] ?? '';
    this.#records = new CsvRecords(told?.[1] ?? delimiterOf(headerLine), this.maxRecordChars);
    this.#head = '';
    return this.#split(this.#records.push(text));
  }

  #split(records: readonly CsvRecord[]): SplitRows {
    let header: readonly string[] | undefined;
    const rows: RawRow[] = [];
    for (const record of records) {
      if (isBlank(record)) continue;
      if (this.#headed) rows.push(this.#rowOf(record));
      else header = this.#headerOf(record);
    }
    return header === undefined ? { rows } : { header, rows };
  }

  #headerOf({ fields, line, fault }: CsvRecord): readonly string[] {
    if (fault !== null) throw new FileRefused('broken-quotes', `the header cannot be read: ${fault}`, line + this.#skipped);
    this.#headed = true;
    return fields.map((name) => name.trim());
  }

  #rowOf({ fields, line, fault }: CsvRecord): RawRow {
    this.#row += 1;
    const place = { row: this.#row, line: line + this.#skipped };
    if (fault === null) return { kind: 'fields', ...place, fields };
    return { kind: 'fault', ...place, fault: { code: 'row-shape', column: null, reason: fault }, uploaded: fields };
  }
}

const isBlank = ({ fields, fault }: CsvRecord): boolean => fault === null && fields.length === 1 && fields[0]?.trim() === '';
