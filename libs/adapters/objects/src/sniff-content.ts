import type { FileFormat } from '@paceline/contracts';
import { encodingOf, TextDecoding } from './text-encoding.ts';

const signatures: readonly (readonly [hex: string, what: string])[] = [
  ['504b0304', 'a zip archive or an Excel workbook: export it as CSV'],
  ['d0cf11e0', 'an old Excel workbook: export it as CSV'],
  ['25504446', 'a PDF'],
  ['89504e47', 'an image'],
  ['ffd8ff', 'an image'],
  ['28b52ffd', 'packed with zstd: use gzip or none'],
  ['425a68', 'packed with bzip2: use gzip or none'],
  ['fd377a58', 'packed with xz: use gzip or none'],
  ['1f8b', 'packed twice'],
];

/** The verdict must not depend on how the bytes arrive. */
const judgedBytes = 4096;

/** What a file is when it is no text; null when it may be. */
export function binaryKind(head: Buffer): string | null {
  const hex = head.subarray(0, 8).toString('hex');
  const known = signatures.find(([prefix]) => hex.startsWith(prefix));
  if (known !== undefined) return known[1];
  if (encodingOf(head) !== 'utf-8') return null;
  return head.subarray(0, judgedBytes).includes(0) ? 'no text file' : null;
}

/** Row format by the first decoded bytes; the name only helps where they leave it open. */
export function sniffFormat(head: Buffer, name: string): FileFormat {
  if (binaryKind(head) !== null) return 'unknown';
  const text = new TextDecoding(encodingOf(head)).push(head).trimStart();
  if (text.startsWith('[')) return 'json';
  if (!text.startsWith('{')) return 'csv';
  if (/\.(?:ndjson|jsonl)(?:\.gz)?$/i.test(name)) return 'ndjson';
  return isWholeRow(text) ? 'ndjson' : 'json';
}

/** Whether the first line is a complete JSON object that is no `{messages: [...]}`. */
function isWholeRow(text: string): boolean {
  const [first = ''] = text.split(/\r?\n/, 1);
  try {
    const row: unknown = JSON.parse(first);
    return typeof row === 'object' && row !== null && !Array.isArray((row as { messages?: unknown }).messages);
  } catch {
    return false;
  }
}
