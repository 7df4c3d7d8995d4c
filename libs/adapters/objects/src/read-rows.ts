import type { Compression, FileFormat } from '@paceline/contracts';
import type { IngestLimits, RawRow } from '@paceline/domain/ingest';
import { CsvRows } from './csv-rows.ts';
import { DecodedBytes } from './decoded-bytes.ts';
import { FileRefused } from './file-refused.ts';
import { JsonRows } from './json-rows.ts';
import { NdjsonRows } from './ndjson-rows.ts';
import type { RowSplitter, SplitRows } from './row-splitter.ts';
import { binaryKind } from './sniff-content.ts';
import { badCharacter, encodingOf, firstBadCharacter, TextDecoding } from './text-encoding.ts';

export interface RowSource {
  readonly stored: AsyncIterable<Buffer>;
  readonly compression: Compression;
  readonly format: FileFormat;
  readonly limits: IngestLimits;
}

/** What comes out of a file, in order: the CSV header first, rows, and at the very end the hash of all decoded bytes. */
export type RowsPart =
  | { readonly kind: 'header'; readonly columns: readonly string[] }
  | { readonly kind: 'rows'; readonly rows: readonly RawRow[] }
  | { readonly kind: 'end'; readonly fileHash: string };

/** Enough of a file to tell its encoding by. */
const headBytes = 4096;

/**
 * Streams a file as rows: unpacked, hashed, decoded, cut. Memory holds one chunk and one unfinished row. Throws
 * FileRefused with the line when the rest is unreadable; rows before it have been handed out.
 */
export async function* readRows(source: RowSource): AsyncGenerator<RowsPart> {
  const bytes = new DecodedBytes(source.stored, source.compression, source.limits);
  const splitter = splitterFor(source);
  let text: TextDecoding | null = null;
  for await (const chunk of withHead(bytes)) {
    text ??= decodingFor(chunk);
    yield* take(splitter, text.push(chunk));
  }
  if (text === null) throw new FileRefused('empty-file', 'holds no bytes', null);
  yield* take(splitter, text.end());
  yield* parts(splitter.end());
  yield { kind: 'end', fileHash: bytes.digest() };
}

function splitterFor({ format, limits }: RowSource): RowSplitter {
  const maxRecordChars = Math.max(1024 * 1024, 2 * limits.maxFieldLength);
  if (format === 'json') return new JsonRows(maxRecordChars, limits.maxJsonDepth);
  if (format === 'ndjson') return new NdjsonRows(maxRecordChars, limits.maxJsonDepth);
  return new CsvRows(maxRecordChars);
}

function decodingFor(head: Buffer): TextDecoding {
  const binary = binaryKind(head);
  if (binary !== null) throw new FileRefused('binary-file', `the file is ${binary}`, null);
  return new TextDecoding(encodingOf(head));
}

/** The first chunk is long enough to judge by, or all there is. */
async function* withHead(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (head === null) yield chunk;
    else if ((head = Buffer.concat([head, chunk])).length >= headBytes) {
      yield head;
      head = null;
    }
  }
  if (head !== null && head.length > 0) yield head;
}

/** Rows before a bad character are handed out, and the refusal names its line. */
function* take(splitter: RowSplitter, text: string): Generator<RowsPart> {
  const bad = firstBadCharacter(text);
  yield* parts(splitter.push(bad < 0 ? text : text.slice(0, bad)));
  if (bad >= 0) throw badCharacter(text[bad], splitter.line);
}

function* parts({ header, rows }: SplitRows): Generator<RowsPart> {
  if (header !== undefined) yield { kind: 'header', columns: header };
  if (rows.length > 0) yield { kind: 'rows', rows };
}
