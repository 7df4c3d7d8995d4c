import { rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { foundIn, IngestBench, limits, messagesCsv, upTo } from './ingest-bench.suite.ts';

let bench: IngestBench;
beforeEach(async () => {
  bench = await IngestBench.open();
});
afterEach(() => bench.close());

describe('the same content', () => {
  it('under another name, packed or not, is noticed and nothing is sent again', async () => {
    await bench.drop('list.csv', messagesCsv(3));
    await bench.deliver(await bench.look());
    await bench.drop('again.csv.gz', gzipSync(messagesCsv(3)));
    await bench.deliver(await bench.look());
    expect(bench.rows).toEqual(upTo(3));
    expect(bench.log.of('DuplicateFileSeen')).toMatchObject([{ name: 'again.csv.gz', batchId: bench.log.of('BatchRead')[0]?.batchId }]);
    expect(await bench.report('done/again.csv.gz')).toMatchObject({ end: 'duplicate', firstSeenAt: bench.inbox('list.csv') });
    expect(await bench.look()).toEqual([]);
  });

  it('with a run id of its own is another batch; the options go along', async () => {
    await bench.drop('list.csv', messagesCsv(2));
    await bench.deliver(await bench.look());
    await bench.drop('list.csv', messagesCsv(2), { runId: 'second' });
    await bench.deliver(await bench.look());
    expect(bench.rows).toEqual([1, 2, 1, 2]);
    expect(new Set(bench.log.of('RequestAdmitted').map(({ request }) => request.requestId)).size).toBe(4);
    expect(bench.log.of('BatchAdmitted').map(({ runId }) => runId)).toEqual(['', 'second']);
    expect((await bench.shelf('done')).filter((name) => name.endsWith('.options.json'))).toHaveLength(1);
  });

  it('is a new run where the source says so', async () => {
    await bench.close();
    bench = await IngestBench.open({ source: { sameContent: 'newRun' } });
    for (const name of ['a.csv', 'b.csv']) {
      await bench.drop(name, messagesCsv(2));
      await bench.deliver(await bench.look());
    }
    expect(bench.rows).toEqual([1, 2, 1, 2]);
    expect(new Set(bench.log.of('BatchAdmitted').map(({ batchId }) => batchId)).size).toBe(2);
  });
});

describe('a file that changes', () => {
  it('before it is read is refused, and the new content is a file of its own', async () => {
    await bench.drop('list.csv', messagesCsv(12));
    const records = await bench.look();
    await bench.drop('list.csv', messagesCsv(14));
    await bench.deliver(records);
    expect(bench.log.of('BatchRefused')).toMatchObject([{ code: 'changed-while-read' }]);
    await bench.deliver(await bench.look());
    expect(bench.rows).toEqual(upTo(14));
  });

  it('while it is read is refused from there on; dropped again as it was, it goes on', async () => {
    const original = messagesCsv(1500, 'x'.repeat(1000));
    await bench.close();
    bench = await IngestBench.open({ source: { limits: { ...limits, maxFileBytes: 10_000_000, chunkRows: 200 } } });
    await bench.drop('list.csv', original);
    const records = await bench.look();
    const spoil = async (count: number): Promise<void> => {
      if (count === 1) await writeFile(bench.inbox('list.csv'), 'To,From,Body\nother\n');
    };
    await bench.deliver(records, bench.log.open({ afterCommit: spoil }));
    const before = bench.rows.length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(1500);
    expect(bench.log.of('BatchRefused')).toMatchObject([
      { code: 'changed-while-read', reason: expect.stringContaining(`rows 1 to ${before} were read before`) },
    ]);
    await bench.drop('copy.csv', original);
    await bench.deliver((await bench.look()).filter((record) => foundIn(record).name === 'copy.csv'));
    expect(bench.rows).toEqual(upTo(1500));
    expect(bench.log.of('BatchRead').at(-1)).toMatchObject({ rows: 1500, complete: true });
  });

  it('that is gone before it is read is refused, nothing admitted', async () => {
    await bench.drop('list.csv', messagesCsv(2));
    const records = await bench.look();
    await rm(bench.inbox('list.csv'));
    await bench.deliver(records);
    expect(bench.log.of('BatchRefused')).toMatchObject([{ code: 'unreadable' }]);
    expect(bench.log.offset).toBe(1);
  });
});
