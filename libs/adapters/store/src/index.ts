export { RowStoreFailed } from './row-store-failed.ts';
export { RowStoreFolder, type RowStoreOptions } from './row-store-folder.ts';
export { SqliteRowStore } from './row-store.sqlite.ts';
