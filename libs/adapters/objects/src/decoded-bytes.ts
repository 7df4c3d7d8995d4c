import { createHash, type Hash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Compression } from '@paceline/contracts';
import type { IngestLimits } from '@paceline/domain/ingest';
import { FileRefused } from './file-refused.ts';

/** A ratio means little for a small file: judged from here on. */
const ratioFromBytes = 10 * 1024 * 1024;

export type ByteLimits = Pick<IngestLimits, 'maxFileBytes' | 'maxGzipRatio'>;

export const isGzip = (head: Buffer): boolean => head.length > 2 && head[0] === 0x1f && head[1] === 0x8b;

/**
 * The decoded bytes of a file, once, in order, hashed on the way. Throws FileRefused when they cannot be unpacked or
 * pass a limit; whatever the source throws comes through as it is.
 */
export class DecodedBytes {
  readonly #hash: Hash = createHash('sha256');
  #storedBytes = 0;
  #bytes = 0;

  constructor(
    private readonly stored: AsyncIterable<Buffer>,
    private readonly compression: Compression,
    private readonly limits: ByteLimits,
  ) {}

  /** sha256 of what was decoded so far, hex; call once, at the end. */
  digest(): string {
    return this.#hash.digest('hex');
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    const source = this.#counted();
    for await (const chunk of this.compression === 'gzip' ? unpacked(source) : source) {
      this.#bytes += chunk.length;
      this.#checkLimits();
      this.#hash.update(chunk);
      yield chunk;
    }
  }

  async *#counted(): AsyncGenerator<Buffer> {
    for await (const chunk of this.stored) {
      this.#storedBytes += chunk.length;
      yield chunk;
    }
  }

  #checkLimits(): void {
    const { maxFileBytes, maxGzipRatio } = this.limits;
    if (this.#bytes > maxFileBytes) throw new FileRefused('too-large', `more than ${maxFileBytes} bytes; split the file`);
    if (this.compression !== 'gzip' || this.#bytes < ratioFromBytes) return;
    if (this.#bytes > this.#storedBytes * maxGzipRatio) {
      throw new FileRefused('gzip-ratio', `unpacks to more than ${maxGzipRatio} times its size`);
    }
  }
}

const isZlibError = (error: unknown): error is Error => /^Z_|^ERR_TRAILING_JUNK/.test((error as NodeJS.ErrnoException).code ?? '');

async function* unpacked(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 128 * 1024 });
  const whole = pipeline(Readable.from(source, { objectMode: false }), gunzip, () => undefined);
  try {
    for await (const chunk of whole) yield chunk as Buffer;
  } catch (error) {
    throw isZlibError(error) ? new FileRefused('broken-gzip', `cannot be unpacked (${error.message})`) : error;
  }
}
