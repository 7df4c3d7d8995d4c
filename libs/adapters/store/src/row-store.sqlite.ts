import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { RowStore, StoredRow, Waiting } from '@paceline/domain/pacing';
import { RowStoreFailed } from './row-store-failed.ts';
import { WaitingBytes } from './waiting-bytes.ts';

export interface SqliteRowStoreTerms {
  readonly folder: string;
  /** Name of its file in the folder; nobody else's. */
  readonly file: string;
  readonly cacheBytes: number;
  readonly maxBytes: number | null;
}

const pageBytes = 4096;
/** An empty store that grew beyond this gives its disk back. */
const keptBytes = 64 * 2 ** 20;

/**
 * Rows lie in offset order, so putting one appends; only the small index is touched at random. INTEGER without STRICT:
 * whole numbers up to 2^53 and fractions keep their value and their order.
 */
const layout = `
  CREATE TABLE rows (
    offset INTEGER PRIMARY KEY, queue INTEGER NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL, value BLOB NOT NULL
  );
  CREATE INDEX in_order ON rows (queue, major, minor);`;

const putSql = 'INSERT INTO rows VALUES (?, ?, ?, ?, ?)';
/** Found and dropped one by one: DELETE ... RETURNING builds two tables of its own every time, half as much again for a few rows. */
const firstSql = 'SELECT * FROM rows WHERE queue = ? ORDER BY major, minor LIMIT ?';
const belowSql = 'SELECT * FROM rows WHERE offset < ? ORDER BY offset LIMIT ?';
const dropSql = 'DELETE FROM rows WHERE offset = ?';

type RowTuple = [offset: number, queue: number, major: number, minor: number, value: Uint8Array];

interface OpenFile {
  readonly db: DatabaseSync;
  readonly put: StatementSync;
  readonly first: StatementSync;
  readonly below: StatementSync;
  readonly drop: StatementSync;
  readonly pageCount: StatementSync;
}

/**
 * Waiting rows on disk, through SQLite in this process. Nothing in it survives the process and nothing needs to: no
 * journal, no sync, one transaction for its whole life, and a file without a name. The first error is its end (without a
 * journal the file is then undefined): every later call throws it again.
 */
export class SqliteRowStore implements RowStore {
  readonly #bytes = new WaitingBytes();
  #file: OpenFile | null = null;
  #failure: RowStoreFailed | null = null;
  #size = 0;

  constructor(private readonly terms: SqliteRowStoreTerms) {}

  get size(): number {
    return this.#size;
  }

  /** Bytes held outside the heap: on disk, the newest of them still in the page cache. */
  get bytes(): number {
    if (this.#file === null) return 0;
    const [pages] = this.#file.pageCount.get() as unknown as [number];
    return pages * pageBytes;
  }

  put({ queue, order, item }: StoredRow): void {
    const value = this.#bytes.encode(item);
    this.#guarded(() => this.#opened().put.run(item.offset, queue, order.major, order.minor, value));
    this.#size += 1;
  }

  take(queue: number, most: number): readonly StoredRow[] {
    return this.#taken((file) => file.first.all(queue, most), most);
  }

  takeBelow(offset: number, most: number): readonly StoredRow[] {
    return this.#taken((file) => file.below.all(offset, most), most);
  }

  close(): void {
    this.#file?.db.close();
    this.#file = null;
    this.#size = 0;
  }

  /** Makes its file now rather than with the first row. */
  prepare(): void {
    this.#guarded(() => this.#opened());
  }

  #opened(): OpenFile {
    return (this.#file ??= openNameless(this.terms));
  }

  #taken(find: (file: OpenFile) => unknown[], most: number): StoredRow[] {
    const file = this.#file;
    if (this.#size === 0 || most <= 0 || file === null) return [];
    const rows = this.#guarded(() => {
      const found = find(file) as RowTuple[];
      for (const [offset] of found) file.drop.run(offset);
      return found;
    });
    const taken = rows.map((row) => this.#rowOf(row));
    this.#size -= taken.length;
    if (this.#size === 0 && this.bytes > keptBytes) this.close();
    return taken;
  }

  #rowOf([offset, queue, major, minor, value]: RowTuple): StoredRow {
    const item: Waiting = this.#bytes.decode(offset, value);
    return { queue, order: { major, minor }, item };
  }

  #guarded<T>(work: () => T): T {
    if (this.#failure !== null) throw this.#failure;
    try {
      return work();
    } catch (error) {
      const { folder, maxBytes } = this.terms;
      this.#failure = new RowStoreFailed({ folder, maxBytes, rows: this.#size }, error);
      throw this.#failure;
    }
  }
}

/** `defensive`, on by default, would silently keep the journal. */
function openNameless({ folder, file, cacheBytes, maxBytes }: SqliteRowStoreTerms): OpenFile {
  const path = join(folder, file);
  const db = new DatabaseSync(path, { defensive: false, returnArrays: true });
  rmSync(path, { force: true });
  db.exec(`
    PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA temp_store = MEMORY; PRAGMA cache_size = ${-Math.ceil(cacheBytes / 1024)};`);
  if (maxBytes !== null) db.exec(`PRAGMA max_page_count = ${Math.ceil(maxBytes / pageBytes)}`);
  db.exec(`${layout} BEGIN`);
  const [put, first, below, drop] = [db.prepare(putSql), db.prepare(firstSql), db.prepare(belowSql), db.prepare(dropSql)];
  return { db, put, first, below, drop, pageCount: db.prepare('PRAGMA page_count') };
}
