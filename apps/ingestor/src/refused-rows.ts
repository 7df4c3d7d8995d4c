import { mkdir, open, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { csvLine } from '@paceline/adapter-objects';
import type { EventOf } from '@paceline/contracts';

/**
 * The refused rows of one batch as a CSV in the uploaded shape, on local disk until the file is finished. Its length
 * is part of the committed cursor: after a crash the rows of an uncommitted chunk are cut off again.
 */
export class RefusedRows {
  #bytes = 0;
  #columns: readonly string[] = [];
  #partial = false;

  private constructor(readonly path: string) {}

  /** Opens the rows of a batch as they were at `bytes`. */
  static async resume(
    folder: string,
    batchId: string,
    at: { readonly bytes: number; readonly columns: readonly string[] },
  ): Promise<RefusedRows> {
    await mkdir(folder, { recursive: true });
    const rows = new RefusedRows(join(folder, `${batchId}.refused.csv`));
    rows.#columns = at.columns;
    rows.#bytes = await rows.#cutTo(at.bytes);
    return rows;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether another machine read the beginning: its refused rows are in the events only. */
  get partial(): boolean {
    return this.#partial;
  }

  /** The header's columns; known once the first row was read. */
  set columns(columns: readonly string[]) {
    this.#columns = columns;
  }

  async append(refused: readonly EventOf<'RequestRefused'>[]): Promise<void> {
    if (refused.length === 0) return;
    const header = this.#bytes === 0 ? csvLine([...this.#columns, 'line', 'code', 'reason']) : '';
    const text = header + refused.map(({ data }) => csvLine([...this.#fit(data.uploaded), data.line, data.code, data.reason])).join('');
    const file = await open(this.path, 'a', 0o600);
    try {
      await file.appendFile(text);
    } finally {
      await file.close();
    }
    this.#bytes += Buffer.byteLength(text);
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
  }

  /** A row of the wrong shape keeps the header's shape: missing fields are empty, the rest goes into the last one. */
  #fit(uploaded: readonly string[]): readonly string[] {
    const width = this.#columns.length;
    if (uploaded.length === width) return uploaded;
    if (uploaded.length < width) return [...uploaded, ...Array<string>(width - uploaded.length).fill('')];
    return [...uploaded.slice(0, Math.max(0, width - 1)), uploaded.slice(Math.max(0, width - 1)).join(',')];
  }

  async #cutTo(bytes: number): Promise<number> {
    const file = await open(this.path, 'a', 0o600);
    const { size } = await file.stat();
    await file.close();
    const kept = size >= bytes ? bytes : 0;
    this.#partial = kept < bytes;
    await truncate(this.path, kept);
    return kept;
  }
}
