const sqliteIoError = 10;
const sqliteFull = 13;
const sqliteCannotOpen = 14;

export interface FailedStore {
  readonly folder: string;
  readonly rows: number;
  /** Largest size allowed, when one was set. */
  readonly maxBytes: number | null;
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/**
 * The store of waiting rows cannot go on, nor be repaired: it is dropped and its rows are read again from the log.
 * The message names the folder and what to do.
 */
export class RowStoreFailed extends Error {
  override readonly name = 'RowStoreFailed';

  constructor(store: FailedStore, cause: unknown) {
    super(`the store of waiting rows in ${store.folder} ${whatHappened(store, cause)}`, { cause });
  }
}

function whatHappened({ rows, maxBytes }: FailedStore, cause: unknown): string {
  const held = `it held ${rows} rows`;
  const again = 'then start again: the rows are read again from Kafka';
  switch (codeOf(cause)) {
    case sqliteFull: {
      const limit = maxBytes === null ? 'the disk is full' : `the disk is full or its limit of ${megabytes(maxBytes)} is reached`;
      return `cannot grow: ${limit}; ${held}. Free space there or put PACELINE_DATA_DIR on a larger disk, ${again}`;
    }
    case sqliteIoError:
      return `cannot be read or written (${textOf(cause)}); ${held}. Check that disk, ${again}`;
    case sqliteCannotOpen:
      return 'cannot be made: the folder is not there or may not be written';
    default:
      return `failed (${textOf(cause)}); ${held}`;
  }
}

const textOf = (cause: unknown): string => (isObject(cause) && 'message' in cause ? String(cause.message) : String(cause));

/** SQLite's primary result code. */
function codeOf(cause: unknown): number | null {
  const code = isObject(cause) && 'errcode' in cause ? cause.errcode : null;
  return typeof code === 'number' ? code & 0xff : null;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
