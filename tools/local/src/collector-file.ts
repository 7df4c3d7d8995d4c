// One line of OTLP/JSON per received request. Disk stays bounded: past the limit the file becomes `<name>.1`, the older one goes.
import { appendFile, rename, stat } from 'node:fs/promises';

export class TraceFile {
  readonly #path: string;
  readonly #maxBytes: number;
  #size: number | null = null;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  /** Lines are appended one after the other; resolves when this one is written. */
  append(line: string): Promise<void> {
    const written = this.#last.then(() => this.#write(`${line}\n`));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #write(text: string): Promise<void> {
    this.#size ??= await stat(this.#path).then(
      ({ size }) => size,
      () => 0,
    );
    const bytes = Buffer.byteLength(text);
    if (this.#size > 0 && this.#size + bytes > this.#maxBytes) {
      await rename(this.#path, `${this.#path}.1`);
      this.#size = 0;
    }
    await appendFile(this.#path, text, { mode: 0o600 });
    this.#size += bytes;
  }
}
