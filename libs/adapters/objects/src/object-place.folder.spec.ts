import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ObjectChanged, ObjectGone } from './file-refused.ts';
import { FolderPlace } from './object-place.folder.ts';
import { markedName } from './object-place.ts';

let folder: string;
const clock = { ms: 0, wallMicros: () => 0, monotonicMs: () => clock.ms };
const placeOf = (stableMs = 0): FolderPlace => new FolderPlace({ source: 'drop', folder, stableMs, clock });
const names = async (place: FolderPlace): Promise<string[]> => (await place.list()).map(({ name }) => name);

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

beforeEach(async () => {
  clock.ms = 0;
  folder = await mkdtemp(join(tmpdir(), 'paceline-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a watched folder', () => {
  it('lists its own plain files, names with spaces too; nothing hidden, unfinished, linked or in a folder', async () => {
    await mkdir(join(folder, 'done'));
    for (const name of ['a list.csv', '.hidden', 'b.csv.tmp', 'c.csv.part', 'd.csv.options.json', 'done/e.csv'])
      await writeFile(join(folder, name), 'x');
    await symlink('/etc/passwd', join(folder, 'link.csv'));
    expect(await names(placeOf())).toEqual(['a list.csv']);
  });

  it('takes a file only after it stood still for the given time', async () => {
    const place = placeOf(2000);
    await writeFile(join(folder, 'a.csv'), 'x');
    expect(await names(place)).toEqual([]);
    clock.ms = 1999;
    expect(await names(place)).toEqual([]);
    await writeFile(join(folder, 'a.csv'), 'xy');
    clock.ms = 2000;
    expect(await names(place)).toEqual([]);
    clock.ms = 4000;
    expect(await names(place)).toEqual(['a.csv']);
  });

  it('opens from an offset', async () => {
    await writeFile(join(folder, 'a.csv'), '0123456789');
    expect(await textOf(placeOf().open(join(folder, 'a.csv'), { etag: null, from: 7 }))).toBe('789');
  });

  it('notices a file that was replaced, or is gone, or lies elsewhere', async () => {
    const path = join(folder, 'a.csv');
    await writeFile(path, 'one');
    const place = placeOf();
    const etag = (await place.stat(path))?.etag ?? '';
    await writeFile(path, 'three');
    await expect(textOf(place.open(path, { etag }))).rejects.toThrow(ObjectChanged);
    await rm(path);
    await expect(textOf(place.open(path, { etag }))).rejects.toThrow(ObjectGone);
    await expect(textOf(place.open(join(folder, '..', 'x.csv'), { etag: null }))).rejects.toThrow(ObjectGone);
    await symlink('/etc/passwd', path);
    await expect(textOf(place.open(path, { etag: null }))).rejects.toThrow();
  });

  it('owns only what lies directly in it', () => {
    const place = placeOf();
    expect(
      [join(folder, 'a.csv'), join(folder, 'done', 'a.csv'), `${folder}/x/../a.csv`, `${folder}/a\0.csv`].map((path) => place.owns(path)),
    ).toEqual([true, false, false, false]);
  });

  it('moves a finished file with its report, refused rows and options; a second time nothing happens', async () => {
    const path = join(folder, 'a.csv');
    const rows = join(folder, '.rows');
    await writeFile(path, 'data');
    await writeFile(`${path}.options.json`, '{"runId":"r"}');
    await writeFile(rows, 'refused');
    const place = placeOf();
    expect(await place.optionsOf(path)).toBe('{"runId":"r"}');
    const companions = [
      { suffix: '.report.json', content: '{}' },
      { suffix: '.refused.csv', content: { path: rows } },
    ];
    const settlement = { location: path, etag: (await place.stat(path))?.etag ?? '', shelf: 'done', mark: '1a2b', companions } as const;
    await place.settle(settlement);
    await place.settle(settlement);
    expect((await readdir(join(folder, 'done'))).sort()).toEqual(['a.csv', 'a.csv.options.json', 'a.csv.refused.csv', 'a.csv.report.json']);
    expect(await readdir(folder)).toEqual(['.rows', 'done']);
  });

  it('never overwrites an earlier file of the same name, and leaves a newer one where it is', async () => {
    const path = join(folder, 'a.csv');
    const place = placeOf();
    for (const content of ['first', 'second']) {
      await writeFile(path, content);
      await place.settle({ location: path, etag: null, shelf: 'done', mark: content, companions: [] });
    }
    expect(await readFile(join(folder, 'done', 'a.csv'), 'utf8')).toBe('first');
    expect(await readFile(join(folder, 'done', 'a.second.csv'), 'utf8')).toBe('second');
    await writeFile(path, 'newer');
    await place.settle({ location: path, etag: 'an older version', shelf: 'done', mark: 'x', companions: [] });
    expect(await names(place)).toEqual(['a.csv']);
  });
});

describe('markedName', () => {
  it.each([
    ['a.csv', 'a.x.csv'],
    ['a.csv.gz', 'a.x.csv.gz'],
    ['list', 'list.x'],
  ])('%s', (name, marked) => expect(markedName(name, 'x')).toBe(marked));
});
