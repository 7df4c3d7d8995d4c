import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { BodyState } from '@paceline/domain/sending';

const unpackers = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
} as const;

export interface BodyText {
  readonly text: string;
  readonly state: BodyState;
}

/** A complete body as text. We ask for no encoding; one that comes anyway is unpacked up to the cap, never beyond it. */
export async function bodyText(bytes: Buffer, encoding: string | undefined, capBytes: number): Promise<BodyText> {
  const name = (encoding ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') return { text: bytes.toString('utf8'), state: 'complete' };
  const unpack = Object.hasOwn(unpackers, name) ? unpackers[name as keyof typeof unpackers] : undefined;
  if (unpack === undefined) return { text: '', state: 'undecodable' };
  try {
    return { text: (await unpack(bytes, { maxOutputLength: capBytes })).toString('utf8'), state: 'complete' };
  } catch {
    return { text: '', state: 'undecodable' };
  }
}
