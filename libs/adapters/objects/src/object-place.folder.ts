import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Clock } from '@paceline/pipeline';
import { ObjectChanged, ObjectGone } from './file-refused.ts';
import {
  isSafeName,
  isSourceName,
  markedName,
  optionsSuffix,
  type FoundObject,
  type ObjectPlace,
  type Settlement,
} from './object-place.ts';
import { StableFiles } from './stable-files.ts';

export interface FolderPlaceOptions {
  readonly source: string;
  readonly folder: string;
  readonly stableMs: number;
  readonly clock: Clock;
}

const readBytes = 256 * 1024;

interface Stat {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
  isFile(): boolean;
}

const etagOf = ({ size, mtimeMs, ino }: Stat): string => `${ino}-${size}-${Math.floor(mtimeMs * 1000)}`;

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

async function statOrNull(path: string): Promise<Stat | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** A watched folder. Only its own plain files are taken: no folders, no symbolic links, nothing hidden or unfinished. */
export class FolderPlace implements ObjectPlace {
  readonly source: string;
  readonly #folder: string;
  readonly #stable: StableFiles;

  constructor(private readonly options: FolderPlaceOptions) {
    this.source = options.source;
    this.#folder = resolve(options.folder);
    this.#stable = new StableFiles(options.stableMs);
  }

  owns(location: string): boolean {
    return isSafeName(location) && dirname(location) === this.#folder && isSourceName(basename(location));
  }

  async list(): Promise<readonly FoundObject[]> {
    await mkdir(this.#folder, { recursive: true });
    const names = (await readdir(this.#folder)).filter(isSourceName).sort();
    this.#stable.keep(new Set(names));
    const found: FoundObject[] = [];
    for (const name of names) {
      const stat = await statOrNull(join(this.#folder, name));
      if (stat?.isFile() === true && this.#isComplete(name, stat)) found.push(this.#found(name, stat));
    }
    return found;
  }

  async stat(location: string): Promise<FoundObject | null> {
    if (!this.owns(location)) return null;
    const stat = await statOrNull(location);
    return stat?.isFile() === true ? this.#found(basename(location), stat) : null;
  }

  async *open(location: string, { etag, from = 0 }: { readonly etag: string | null; readonly from?: number }): AsyncGenerator<Buffer> {
    if (!this.owns(location)) throw new ObjectGone(`${location} is no file of ${this.source}`);
    const file = await open(location, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
      throw isMissing(error) ? new ObjectGone(`${location} is gone`) : error;
    });
    try {
      for (let position = from; ;) {
        if (etag !== null && etagOf(await file.stat()) !== etag) throw new ObjectChanged(`${location} was replaced or written to`);
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(readBytes), 0, readBytes, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  async optionsOf(location: string): Promise<string | null> {
    try {
      return await readFile(`${location}${optionsSuffix}`, 'utf8');
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** What goes beside the file is written first: a file on a shelf always has its report. */
  async settle({ location, etag, shelf, mark, companions }: Settlement): Promise<void> {
    const now = await this.stat(location);
    if (now === null || (etag !== null && now.etag !== etag)) return;
    const shelfPath = join(this.#folder, shelf);
    await mkdir(shelfPath, { recursive: true });
    const plain = join(shelfPath, now.name);
    const target = (await statOrNull(plain)) === null ? plain : join(shelfPath, markedName(now.name, mark));
    for (const { suffix, content } of companions) {
      if (typeof content === 'string') await writeFile(`${target}${suffix}`, content);
      else await copyFile(content.path, `${target}${suffix}`);
    }
    if ((await this.optionsOf(location)) !== null) await rename(`${location}${optionsSuffix}`, `${target}${optionsSuffix}`);
    await rename(location, target);
    await rm(`${location}${optionsSuffix}`, { force: true });
  }

  #isComplete(name: string, stat: Stat): boolean {
    const { clock } = this.options;
    const now = { wallMs: clock.wallMicros() / 1000, monotonicMs: clock.monotonicMs() };
    return this.#stable.isStable(name, { etag: etagOf(stat), mtimeMs: stat.mtimeMs }, now);
  }

  #found(name: string, stat: Stat): FoundObject {
    return { location: join(this.#folder, name), name, sizeBytes: stat.size, etag: etagOf(stat) };
  }
}
