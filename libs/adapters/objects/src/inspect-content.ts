import { createHash } from 'node:crypto';
import type { Compression, FileFormat } from '@paceline/contracts';
import { DecodedBytes, isGzip, type ByteLimits } from './decoded-bytes.ts';
import { FileRefused } from './file-refused.ts';
import { sniffFormat } from './sniff-content.ts';

export interface ContentFacts {
  /** sha256 of the decoded bytes, hex; of the stored ones when they cannot be decoded. */
  readonly fileHash: string;
  readonly compression: Compression;
  readonly format: FileFormat;
}

const headBytes = 64 * 1024;

/**
 * One pass over a file: its hash, packing and format, known before the first row is read. A file that cannot be
 * decoded still has an identity, so that its refusal is recorded once, by whoever reads it.
 */
export async function inspectContent(open: () => AsyncIterable<Buffer>, name: string, limits: ByteLimits): Promise<ContentFacts> {
  const compression = await compressionOf(open());
  try {
    const decoded = new DecodedBytes(open(), compression, limits);
    const head = await readHead(decoded);
    return { fileHash: decoded.digest(), compression, format: sniffFormat(head, name) };
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return { fileHash: await storedHash(open()), compression, format: 'unknown' };
  }
}

async function compressionOf(stored: AsyncIterable<Buffer>): Promise<Compression> {
  let head = Buffer.alloc(0);
  for await (const chunk of stored) if ((head = Buffer.concat([head, chunk])).length > 2) break;
  return isGzip(head) ? 'gzip' : 'none';
}

/** Reads to the end (for the hash) and keeps the first bytes. */
async function readHead(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    if (length < headBytes) parts.push(Buffer.from(chunk.subarray(0, headBytes - length)));
    length += chunk.length;
  }
  return Buffer.concat(parts);
}

async function storedHash(stored: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stored) hash.update(chunk);
  return hash.digest('hex');
}
