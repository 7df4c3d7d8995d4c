import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestIdOf } from '@paceline/contracts';
import type { StoredRow } from '@paceline/domain/pacing';
import { sourceFlags, workspaceRoot } from '../../../../tools/source-command.mjs';
import { RowStoreFailed } from './row-store-failed.ts';
import { RowStoreFolder } from './row-store-folder.ts';

function storedRow(offset: number, body = 'hello'): StoredRow {
  const request: StoredRow['item']['request'] = {
    requestId: requestIdOf('batch', offset),
    batchId: 'batch',
    account: 'demo',
    api: 'messages',
    lane: 'messages',
    row: offset,
    line: offset + 1,
    cost: 1,
    priority: 0,
    notBefore: null,
    expiresAt: null,
    timeZone: null,
    externalId: null,
    contact: 'c'.repeat(32),
    sender: '',
    parent: null,
    personal: { to: '+15005550006', params: [{ name: 'Body', value: body }] },
  };
  const waits = { notBefore: 0, since: 0, causationId: 'event', returned: null, traceparent: null };
  return {
    queue: 1,
    order: { major: offset, minor: 0 },
    item: { offset, request, attempt: 1, backoff: { throttles: 0, since: null }, ...waits },
  };
}

describe('the row store on disk', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'row-store-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('leaves no file with a name, so that nothing outlives its process', () => {
    const store = new RowStoreFolder(folder).open();
    store.put(storedRow(1));
    expect(readdirSync(folder)).toEqual([]);
    expect(store.take(1, 1)).toHaveLength(1);
    store.close();
  });

  it('removes what a process left behind that died while it opened one, and nothing else', () => {
    writeFileSync(join(folder, 'waiting-4711-1.sqlite'), 'old');
    writeFileSync(join(folder, 'member-id'), 'kept');
    new RowStoreFolder(folder);
    expect(readdirSync(folder)).toEqual(['member-id']);
  });

  it('is found unusable at the start, not with the first row', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => new RowStoreFolder(join(file, 'below'))).toThrow(/ENOTDIR/);
  });

  it('names the folder and what to do when the disk is full, and does not go on after that', () => {
    const store = new RowStoreFolder(folder, { maxBytes: 2 ** 20, cacheBytes: 64 * 1024 }).open();
    const fill = (): void => {
      for (let offset = 0; offset < 10_000; offset += 1) store.put(storedRow(offset, 'x'.repeat(500)));
    };
    expect(fill).toThrow(RowStoreFailed);
    const held = store.size;
    expect(held).toBeGreaterThan(500);
    const message = new RegExp(`${folder} cannot grow: .*it held ${held} rows.*PACELINE_DATA_DIR`);
    expect(() => store.take(1, 1)).toThrow(message);
    expect(() => {
      store.put(storedRow(1));
    }).toThrow(message);
    store.close();
  });

  it('keeps rows that are larger than a page, and other scripts', () => {
    const store = new RowStoreFolder(folder).open();
    const row = storedRow(1, '北京 😀'.repeat(20_000));
    store.put(row);
    expect(store.take(1, 1)).toEqual([row]);
    store.close();
  });

  it('gives the disk back when a large backlog has gone', () => {
    const store = new RowStoreFolder(folder).open();
    const body = 'x'.repeat(100_000);
    for (let offset = 0; offset < 700; offset += 1) store.put(storedRow(offset, body));
    expect(store.bytes).toBeGreaterThan(70e6);
    expect(store.take(1, 1000)).toHaveLength(700);
    expect(store.bytes).toBe(0);
    store.put(storedRow(1));
    expect(store.take(1, 1)).toHaveLength(1);
    store.close();
  });

  it('starts without a warning in the log', () => {
    const index = new URL('./index.ts', import.meta.url).href;
    const script = `const { RowStoreFolder } = await import('${index}'); new RowStoreFolder('${folder}').open().prepare();`;
    const child = spawnSync(process.execPath, [...sourceFlags(), '--input-type=module', '-e', script], {
      encoding: 'utf8',
      cwd: workspaceRoot,
      env: { PATH: process.env['PATH'] },
    });
    expect([child.status, child.stdout, child.stderr]).toEqual([0, '', '']);
  }, 60_000);
});
