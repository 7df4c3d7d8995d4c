import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { seqOf } from './ledger-lines.ts';

const FLUSH_MS = 50;
const INDEX_EVERY = 1000;

export interface LedgerFileOptions {
  readonly path: string;
  /** A ledger that cannot be written is no ledger: whoever owns it must stop the simulator. */
  readonly onFailure: (error: unknown) => void;
  /** Called for every whole line that an earlier run left. */
  readonly onLine: (line: string) => void;
}

/** Lines appended in order, on disk at most 50 ms later; memory holds what is not yet written and a sparse index. */
export class LedgerFile {
  private readonly options: LedgerFileOptions;
  private readonly handle: FileHandle;
  private readonly index: { seq: number; offset: number }[] = [];
  private pending: string[] = [];
  private size = 0;
  private writing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  private constructor(options: LedgerFileOptions, handle: FileHandle) {
    this.options = options;
    this.handle = handle;
  }

  static async open(options: LedgerFileOptions): Promise<LedgerFile> {
    const handle = await open(options.path, 'a+');
    const file = new LedgerFile(options, handle);
    await file.replay();
    await handle.truncate(file.size);
    return file;
  }

  /** One line of JSON, without its line end; `seq` when this line is an arrival. */
  append(line: string, seq?: number): void {
    if (seq !== undefined && seq % INDEX_EVERY === 1) {
      this.drain();
      this.index.push({ seq, offset: this.size });
    }
    this.pending.push(line);
    this.timer ??= setTimeout(() => this.drain(), FLUSH_MS);
  }

  async flush(): Promise<void> {
    this.drain();
    await this.writing;
  }

  /** Every line so far whose seq is above `seq`. From 0 it is the plain file: no line is looked at. */
  async *since(seq: number): AsyncGenerator<Buffer | string> {
    await this.flush();
    if (this.size === 0) return;
    if (seq <= 0) {
      yield* createReadStream(this.options.path, { end: this.size - 1 }) as AsyncIterable<Buffer>;
      return;
    }
    for await (const line of this.linesFrom(this.offsetFor(seq + 1), this.size)) {
      if (seqOf(line) > seq) yield `${line}\n`;
    }
  }

  /** Every line so far, one by one. */
  async *lines(): AsyncGenerator<string> {
    await this.flush();
    if (this.size > 0) yield* this.linesFrom(0, this.size);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.handle.close();
  }

  /** Hands what is pending to the disk, in order. */
  private drain(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lines = this.pending;
    this.pending = [];
    if (lines.length === 0) return;
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    this.size += bytes.length;
    this.writing = this.writing.then(() => this.handle.appendFile(bytes)).catch(this.options.onFailure);
  }

  private offsetFor(seq: number): number {
    return this.index.findLast((entry) => entry.seq <= seq)?.offset ?? 0;
  }

  private linesFrom(start: number, end: number): AsyncIterable<string> {
    return createInterface({ input: createReadStream(this.options.path, { start, end: end - 1 }), crlfDelay: Infinity });
  }

  /** Reads what an earlier run left; a last line cut short by a kill is dropped. */
  private async replay(): Promise<void> {
    const { size } = await this.handle.stat();
    if (size === 0) return;
    for await (const line of this.linesFrom(0, size)) {
      const bytes = Buffer.byteLength(line) + 1;
      if (this.size + bytes > size) return;
      this.options.onLine(line);
      this.size += bytes;
    }
  }
}
