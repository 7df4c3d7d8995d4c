import type { RawRow } from '@paceline/domain/ingest';

/** What a splitter found in the text so far: first the header, when the format has one, then rows in order. */
export interface SplitRows {
  readonly header?: readonly string[];
  readonly rows: readonly RawRow[];
}

/**
 * Cuts text into rows, whatever way the text is cut into chunks. Keeps at most one unfinished row. Throws FileRefused
 * when the rest cannot be told apart into rows.
 */
export interface RowSplitter {
  push(text: string): SplitRows;
  end(): SplitRows;
  /** Line of the next character, or of the row that is not yet complete. */
  readonly line: number;
}

/** Line ends in a stretch of text: LF, CR LF or CR. */
export function countLineEnds(text: string, from = 0, to = text.length): number {
  let lines = 0;
  for (let index = from; index < to; index++) {
    const code = text.charCodeAt(index);
    if (code === 10 || (code === 13 && text.charCodeAt(index + 1) !== 10)) lines += 1;
  }
  return lines;
}
