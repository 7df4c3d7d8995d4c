import type { RawRow } from '@paceline/domain/ingest';
import { FileRefused } from './file-refused.ts';
import { rowOfJson } from './json-row.ts';
import type { RowSplitter, SplitRows } from './row-splitter.ts';

/** NDJSON: one JSON object per line. A line that is no JSON is a bad row of its own. */
export class NdjsonRows implements RowSplitter {
  #rest = '';
  #line = 1;
  #row = 0;

  constructor(
    private readonly maxRecordChars: number,
    private readonly maxDepth: number,
  ) {}

  get line(): number {
    return this.#line;
  }

  push(text: string): SplitRows {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > this.maxRecordChars) {
      throw new FileRefused('unknown-format', `a line has more than ${this.maxRecordChars} characters`, this.#line + lines.length);
    }
    return this.#rowsOf(lines);
  }

  end(): SplitRows {
    const last = this.#rest;
    this.#rest = '';
    return this.#rowsOf([last]);
  }

  #rowsOf(lines: readonly string[]): SplitRows {
    const rows: RawRow[] = [];
    for (const text of lines) {
      if (text.trim() !== '') rows.push(this.#rowOf(text));
      this.#line += 1;
    }
    return { rows };
  }

  #rowOf(text: string): RawRow {
    this.#row += 1;
    return rowOfJson(text, { row: this.#row, line: this.#line }, this.maxDepth);
  }
}
