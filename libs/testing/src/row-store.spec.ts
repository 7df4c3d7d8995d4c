import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RowStoreFolder } from '@paceline/adapter-store';
import { MemoryRowStore } from '@paceline/domain/pacing';
import { rowStoreSuite } from './row-store.suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'row-stores-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const onDisk = new RowStoreFolder(folder);

rowStoreSuite('memory', () => new MemoryRowStore());
rowStoreSuite('SQLite', () => onDisk.open());
