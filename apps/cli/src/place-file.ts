// Hands a file to the ingestor the way any producer does: written under a temporary name, then renamed into place.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { batchIdOf } from '@paceline/contracts';
import type { Settings } from '@paceline/runtime';
import { CliError, exitCodes } from './exit-code.ts';

export interface Placed {
  /** Name in the watched folder: how the ingestor's events name the file. */
  readonly name: string;
  readonly account: string;
  readonly batchId: string;
}

export interface PlaceOptions {
  readonly settings: Settings;
  readonly source?: string;
  /** Makes another batch of the same content. */
  readonly runId?: string;
}

type FolderSource = Settings['sources'][number] & { folder: string };

/** The watched folder a file goes to: the one named, else the first. */
export function folderSource({ settings, source }: PlaceOptions): FolderSource {
  const folders = settings.sources.filter((one): one is FolderSource => one.folder !== undefined);
  const found = source === undefined ? folders[0] : folders.find(({ name }) => name === source);
  if (found !== undefined) return found;
  const known = folders.map(({ name }) => name).join(', ');
  throw new CliError(
    source === undefined
      ? 'the settings have no source with a folder: add one to sources'
      : `source ${source}: the settings know the folder sources ${known}`,
    exitCodes.usage,
  );
}

/** sha256 of the decoded bytes: the same content plain and packed is the same batch. */
async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  const packed = path.endsWith('.gz');
  try {
    if (packed) await pipeline(createReadStream(path), createGunzip(), hash);
    else await pipeline(createReadStream(path), hash);
  } catch {
    // The ingestor says what is wrong with a broken archive; here it only has no batch id that we could know.
    return '';
  }
  return hash.digest('hex');
}

function freeName(folder: string, wanted: string): string {
  if (!existsSync(join(folder, wanted))) return wanted;
  for (let n = 2; ; n += 1) {
    const [stem = wanted, ...rest] = wanted.split('.');
    const name = [`${stem}-${n}`, ...rest].join('.');
    if (!existsSync(join(folder, name))) return name;
  }
}

/** Copies a file (or text, piece by piece) into the watched folder. Nothing is seen by the ingestor before the rename. */
export async function placeFile(
  from: { path: string } | { name: string; pieces: Iterable<string> },
  options: PlaceOptions,
): Promise<Placed> {
  const source = folderSource(options);
  mkdirSync(source.folder, { recursive: true });
  const name = freeName(source.folder, 'path' in from ? basename(from.path) : from.name);
  const packed = name.endsWith('.gz') ? '.gz' : '';
  const temporary = join(source.folder, `.${name}.${process.pid}.part${packed}`);
  await pipeline('path' in from ? createReadStream(from.path) : Readable.from(from.pieces), createWriteStream(temporary));
  const hash = await contentHash(temporary);
  if (options.runId !== undefined) {
    writeFileSync(join(source.folder, `${name}.options.json`), JSON.stringify({ runId: options.runId }));
  }
  renameSync(temporary, join(source.folder, name));
  return { name, account: source.account, batchId: batchIdOf(hash, source.account, options.runId ?? '') };
}
