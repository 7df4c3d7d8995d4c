import { FileRefused, type RowsPart } from '@paceline/adapter-objects';
import type { RawRow } from '@paceline/domain/ingest';

/** A file in steps of one transaction each. */
export type FileStep =
  | { readonly kind: 'header'; readonly columns: readonly string[] }
  | { readonly kind: 'rows'; readonly rows: readonly RawRow[] }
  /** The last rows, and what the file as a whole was. */
  | { readonly kind: 'end'; readonly rows: readonly RawRow[]; readonly fileHash: string }
  /** The rows before the place where the file cannot be read any further. */
  | { readonly kind: 'broken'; readonly rows: readonly RawRow[]; readonly error: FileRefused };

export interface ChunkLimits {
  readonly chunkRows: number;
  readonly maxRows: number;
  /** Rows up to here are committed already and are passed over. */
  readonly after: number;
}

/** Cuts rows into chunks. The last chunk comes together with the end, so that both can be one transaction. */
export async function* chunked(parts: AsyncIterable<RowsPart>, limits: ChunkLimits): AsyncGenerator<FileStep> {
  const waiting = new WaitingRows(limits);
  try {
    for await (const part of parts) {
      if (part.kind === 'header') yield part;
      else if (part.kind === 'end') yield { kind: 'end', rows: waiting.rest(), fileHash: part.fileHash };
      else yield* waiting.add(part.rows);
    }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    yield { kind: 'broken', rows: waiting.rest(), error };
  }
}

class WaitingRows {
  #rows: RawRow[] = [];

  constructor(private readonly limits: ChunkLimits) {}

  /** Full chunks; at least one row goes on waiting, because the last chunk goes with the end. */
  *add(rows: readonly RawRow[]): Generator<FileStep> {
    const { chunkRows, maxRows, after } = this.limits;
    const beyond = rows.findIndex(({ row }) => row > maxRows);
    this.#rows.push(...(beyond < 0 ? rows : rows.slice(0, beyond)).filter(({ row }) => row > after));
    while (this.#rows.length > chunkRows) yield { kind: 'rows', rows: this.#rows.splice(0, chunkRows) };
    if (beyond >= 0) throw new FileRefused('too-many-rows', `more than ${maxRows} rows; split the file`, rows[beyond]?.line ?? null);
  }

  rest(): readonly RawRow[] {
    return this.#rows.splice(0);
  }
}
