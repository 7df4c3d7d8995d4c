import { TextDecoder } from 'node:util';
import { FileRefused } from './file-refused.ts';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** What the first bytes say: a byte order mark, or zeros in every other byte as UTF-16 has them. */
export function encodingOf(head: Buffer): TextEncoding {
  const mark = head.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return 'utf-16le';
  if (mark === 'feff') return 'utf-16be';
  const { even, odd, pairs } = zeros(head);
  if (pairs < 2) return 'utf-8';
  if (isMostly(odd, even, pairs)) return 'utf-16le';
  return isMostly(even, odd, pairs) ? 'utf-16be' : 'utf-8';
}

const isMostly = (high: number, low: number, pairs: number): boolean => high > pairs * 0.4 && low < pairs * 0.05;

function zeros(head: Buffer): { even: number; odd: number; pairs: number } {
  const length = Math.min(head.length, 4096) & ~1;
  let even = 0;
  let odd = 0;
  for (let index = 0; index < length; index += 2) {
    if (head[index] === 0) even += 1;
    if (head[index + 1] === 0) odd += 1;
  }
  return { even, odd, pairs: length / 2 };
}

/** Bytes to text without the byte order mark. A character that the encoding does not have becomes U+FFFD. */
export class TextDecoding {
  readonly #decoder: TextDecoder;

  constructor(encoding: TextEncoding) {
    this.#decoder = new TextDecoder(encoding);
  }

  push(bytes: Buffer): string {
    return this.#decoder.decode(bytes, { stream: true });
  }

  end(): string {
    return this.#decoder.decode();
  }
}

/** Position of the first character that no text has; -1 when all are fine. */
export function firstBadCharacter(text: string): number {
  const replaced = text.indexOf('\ufffd');
  const zero = text.indexOf('\0');
  if (replaced < 0 || zero < 0) return Math.max(replaced, zero);
  return Math.min(replaced, zero);
}

export function badCharacter(character: string | undefined, line: number): FileRefused {
  return character === '\0'
    ? new FileRefused('binary-file', 'holds zero bytes: it is no text file', line)
    : new FileRefused('encoding', 'holds bytes that are not UTF-8 (or UTF-16 with a byte order mark): save it as UTF-8', line);
}
