import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteRowStore } from './row-store.sqlite.ts';

export interface RowStoreOptions {
  /** Memory for pages of one store, bytes; taken as the store grows. 32 MB unless given. */
  readonly cacheBytes?: number;
  /** Largest size of one store, bytes; only the disk's unless given. */
  readonly maxBytes?: number;
}

const pattern = /^waiting-\d+-\d+\.sqlite(-journal)?$/;
let opened = 0;

/**
 * The folder where stores of waiting rows keep their files. A file loses its name as soon as it is open, so that the system
 * frees it with its process, however that ends: what has a name here was left behind by a crash in between, and goes.
 */
export class RowStoreFolder {
  /** Throws when the folder cannot be made or written: at the start, not when the first row must go there. */
  constructor(
    private readonly folder: string,
    private readonly options: RowStoreOptions = {},
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) if (pattern.test(name)) rmSync(join(folder, name), { force: true });
    const probe = this.open();
    probe.prepare();
    probe.close();
  }

  /** An empty store. Its file is made with its first row. */
  open(): SqliteRowStore {
    opened += 1;
    const { cacheBytes = 32 * 2 ** 20, maxBytes = null } = this.options;
    return new SqliteRowStore({ folder: this.folder, file: `waiting-${process.pid}-${opened}.sqlite`, cacheBytes, maxBytes });
  }
}
