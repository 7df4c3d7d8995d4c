import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { ObjectChanged, ObjectGone } from './file-refused.ts';
import { inspectContent } from './inspect-content.ts';
import { S3Place } from './object-place.s3.ts';
import { missingVersitygw, S3Server, versitygw } from './versitygw.suite.ts';

const Bucket = 'incoming';
const limits = { maxFileBytes: 1_000_000, maxGzipRatio: 100 };

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

const suite = versitygw === null ? describe.skip : describe;

suite(versitygw === null ? `a watched bucket: skipped, ${missingVersitygw}` : 'a watched bucket', () => {
  let server: S3Server;
  let prefix: string;
  let place: S3Place;
  let runs = 0;

  const put = (key: string, Body: string): Promise<unknown> =>
    server.client.send(new PutObjectCommand({ Bucket, Key: `${prefix}${key}`, Body }));
  const keys = async (): Promise<string[]> =>
    ((await server.client.send(new ListObjectsV2Command({ Bucket, Prefix: prefix }))).Contents ?? []).map(({ Key = '' }) =>
      Key.slice(prefix.length),
    );
  const names = async (): Promise<string[]> =>
    (await place.list()).map(({ location }) => location.slice(`s3://${Bucket}/${prefix}`.length));
  const read = async (key: string): Promise<string> =>
    (await (await server.client.send(new GetObjectCommand({ Bucket, Key: `${prefix}${key}` }))).Body?.transformToString()) ?? '';

  beforeAll(async () => {
    server = await S3Server.start(versitygw ?? '');
    await server.client.send(new CreateBucketCommand({ Bucket }));
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    prefix = `run ${++runs}/`;
    place = new S3Place({ source: 's3', bucket: Bucket, prefix, client: server.client });
  });

  it('lists objects below its prefix, whatever their names; nothing finished, hidden or ours', async () => {
    for (const key of ['a list+ü.csv', 'deep/b.csv', '.hidden', 'c.csv.options.json', 'done/d.csv', 'refused/e.csv'])
      await put(key, 'To\n1\n');
    expect((await names()).sort()).toEqual(['a list+ü.csv', 'deep/b.csv']);
  });

  it('lists more objects than one page holds', async () => {
    const many = Array.from({ length: 1010 }, (_, n) => `f${String(n).padStart(4, '0')}.csv`);
    for (let at = 0; at < many.length; at += 50) await Promise.all(many.slice(at, at + 50).map((key) => put(key, 'x')));
    expect(await names()).toEqual(many);
  });

  it('hashes an object and opens the very version, whole or from an offset', async () => {
    await put('a b.csv', 'To,Body\n1,2\n');
    const [found] = await place.list();
    const { location, etag } = found ?? { location: '', etag: '' };
    expect(await inspectContent(() => place.open(location, { etag }), 'a b.csv', limits)).toMatchObject({
      format: 'csv',
      compression: 'none',
    });
    expect(await textOf(place.open(location, { etag }))).toBe('To,Body\n1,2\n');
    expect(await textOf(place.open(location, { etag, from: 8 }))).toBe('1,2\n');
    await put('a b.csv', 'To,Body\n3,4\n');
    await expect(textOf(place.open(location, { etag }))).rejects.toThrow(ObjectChanged);
    await expect(textOf(place.open(`${location}x`, { etag: null }))).rejects.toThrow(ObjectGone);
  });

  it('moves a finished object with its report, refused rows and options; a second time nothing happens', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'paceline-rows-'));
    await writeFile(join(folder, 'rows.csv'), 'refused');
    await put('a b.csv', 'data');
    await put('a b.csv.options.json', '{"runId":"r"}');
    const [found] = await place.list();
    const { location, etag } = found ?? { location: '', etag: '' };
    expect(await place.optionsOf(location)).toBe('{"runId":"r"}');
    const companions = [
      { suffix: '.report.json', content: '{}' },
      { suffix: '.refused.csv', content: { path: join(folder, 'rows.csv') } },
    ];
    const settlement = { location, etag, shelf: 'done', mark: '1a2b', companions } as const;
    await place.settle(settlement);
    await place.settle(settlement);
    expect(await keys()).toEqual(['done/a b.csv', 'done/a b.csv.options.json', 'done/a b.csv.refused.csv', 'done/a b.csv.report.json']);
    expect([await read('done/a b.csv'), await read('done/a b.csv.refused.csv')]).toEqual(['data', 'refused']);
    expect(await names()).toEqual([]);
    await rm(folder, { recursive: true });
  });

  it('never overwrites an earlier object of the same name, and leaves a newer one where it is', async () => {
    const settle = (mark: string, etag: string | null): Promise<void> =>
      place.settle({ location: `s3://${Bucket}/${prefix}a.csv`, etag, shelf: 'refused', mark, companions: [] });
    for (const content of ['first', 'second']) {
      await put('a.csv', content);
      await settle(content, null);
    }
    expect([await read('refused/a.csv'), await read('refused/a.second.csv')]).toEqual(['first', 'second']);
    await put('a.csv', 'newer');
    await settle('x', '"an older version"');
    expect(await names()).toEqual(['a.csv']);
  });

  it('without options has none, and an object that is gone has no version', async () => {
    expect(await place.optionsOf(`s3://${Bucket}/${prefix}a.csv`)).toBeNull();
    expect(await place.stat(`s3://${Bucket}/${prefix}a.csv`)).toBeNull();
  });
});
