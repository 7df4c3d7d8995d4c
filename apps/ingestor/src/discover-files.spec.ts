import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { foundIn, IngestBench } from './ingest-bench.suite.ts';

let bench: IngestBench;
beforeEach(async () => {
  bench = await IngestBench.open();
});
afterEach(() => bench.close());

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('discovery', () => {
  it('says of a file what it holds, keyed by the hash of its decoded bytes', async () => {
    await bench.drop('a list.csv.gz', gzipSync('To,Body\n1,2\n'));
    const [record] = await bench.look();
    expect(record?.key).toBe(sha256('To,Body\n1,2\n'));
    expect(foundIn(record)).toMatchObject({
      source: 'drop',
      account: 'demo',
      name: 'a list.csv.gz',
      location: bench.inbox('a list.csv.gz'),
      format: 'csv',
      compression: 'gzip',
      runId: '',
      etag: expect.any(String),
    });
  });

  it('says it once per version, and again after a restart with the same event id', async () => {
    await bench.drop('a.csv', 'To\n1\n');
    const first = await bench.look();
    expect(await bench.look()).toEqual([]);
    bench.newDiscovery();
    expect(foundIn((await bench.look())[0]).meta.eventId).toBe(foundIn(first[0]).meta.eventId);
    await bench.drop('a.csv', 'To\n22\n');
    expect(foundIn((await bench.look())[0]).fileHash).toBe(sha256('To\n22\n'));
  });

  it('tells of a file that was taken away and came back', async () => {
    await bench.drop('a.csv', 'To\n1\n');
    await bench.look();
    await rm(bench.inbox('a.csv'));
    await bench.look();
    await bench.drop('a.csv', 'To\n1\n');
    expect(await bench.look()).toHaveLength(1);
  });

  it('follows the options beside a file', async () => {
    await bench.drop('a.csv', 'To\n1\n', { runId: 'r7', account: 'other' });
    expect(foundIn((await bench.look())[0])).toMatchObject({ runId: 'r7', account: 'other' });
  });

  it.each([{ runID: 'typo' }, { source: 'nobody' }, { runId: 7 }])(
    'does not take a file with options it cannot follow: %j',
    async (options) => {
      await bench.drop('a.csv', 'To\n1\n', options);
      expect(await bench.look()).toEqual([]);
      await bench.look();
      expect(bench.logged).toEqual(['the options beside a file are wrong: it is not taken until they are corrected']);
      await bench.drop('a.csv', 'To\n1\n', { runId: 'right' });
      expect(foundIn((await bench.look())[0]).runId).toBe('right');
    },
  );
});
