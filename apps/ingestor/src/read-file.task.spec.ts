import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { batchIdOf, requestIdOf } from '@paceline/contracts';
import { cancel } from './cancel.suite.ts';
import { foundIn, IngestBench, limits, messagesCsv, upTo } from './ingest-bench.suite.ts';
import { ReadFileTask } from './read-file.task.ts';

let bench: IngestBench;
beforeEach(async () => {
  bench = await IngestBench.open();
});
afterEach(() => bench.close());

describe('a file', () => {
  it('becomes one request per row, its progress and its totals, and goes to done/ with its report', async () => {
    await bench.drop('list.csv', messagesCsv(25));
    await bench.deliver(await bench.look());
    expect(bench.rows).toEqual(upTo(25));
    expect(bench.log.sequence('paceline.batches')).toEqual([
      'BatchAdmitted',
      'BatchProgressed',
      'BatchProgressed',
      'BatchProgressed',
      'BatchRead',
    ]);
    expect(bench.log.of('BatchAdmitted')).toMatchObject([{ name: 'list.csv', columns: ['To', 'From', 'Body'], format: 'csv' }]);
    expect(bench.log.of('BatchRead')).toMatchObject([{ rows: 25, admitted: 25, refused: 0, segments: 25, complete: true, reasons: {} }]);
    expect(await bench.shelf('done')).toEqual(['list.csv', 'list.csv.report.json']);
    expect(await bench.report('done/list.csv')).toMatchObject({ end: 'read', rows: 25, admitted: 25, complete: true });
  });

  it('is committed chunk by chunk; the input offset goes with the last chunk only', async () => {
    await bench.drop('list.csv', messagesCsv(25));
    await bench.deliver(await bench.look());
    expect(bench.log.transactions.map(({ outputs }) => outputs.filter(({ topic }) => topic === 'paceline.requests').length)).toEqual([
      10, 10, 5,
    ]);
    expect(bench.log.transactions.map(({ offsets }) => offsets?.[0]?.offset)).toEqual([undefined, undefined, 1]);
  });

  it('keys requests by account and names row, batch and attempt in the headers', async () => {
    await bench.drop('list.csv', messagesCsv(1));
    const records = await bench.look();
    await bench.deliver(records);
    const batchId = batchIdOf(foundIn(records[0]).fileHash, 'demo', '');
    const output = bench.log.outputs.find(({ topic }) => topic === 'paceline.requests');
    expect(output).toMatchObject({ key: 'demo', headers: { requestId: requestIdOf(batchId, 1), batchId, attempt: '1' } });
  });

  it('has its bad rows refused with line and reason, and given back in the uploaded shape', async () => {
    await bench.drop(
      'list.csv',
      'To,Body,From\n+15005550001,"Don\'t, please",+15005550006\n15005550002,"a ""b""",+15005550006\n+15005550003,x\n',
    );
    await bench.deliver(await bench.look());
    expect(bench.log.of('RequestRefused')).toMatchObject([
      { row: 2, line: 3, code: 'invalid-to', column: 'To', uploaded: ['15005550002', 'a "b"', '+15005550006'] },
      { row: 3, line: 4, code: 'row-shape' },
    ]);
    expect(bench.log.of('BatchRead')).toMatchObject([{ rows: 3, admitted: 1, refused: 2, reasons: { 'invalid-to': 1, 'row-shape': 1 } }]);
    const given = await readFile(bench.inbox('done/list.csv.refused.csv'), 'utf8');
    expect(given.split('\r\n').slice(0, 3)).toEqual([
      'To,Body,From,line,code,reason',
      expect.stringMatching(/^15005550002,"a ""b""",\+15005550006,3,invalid-to,/),
      expect.stringMatching(/^\+15005550003,x,,4,row-shape,/),
    ]);
  });

  it.each([
    ['messages.json', JSON.stringify({ messages: [{ To: '+15005550001', From: '+15005550006', Body: 'x' }] })],
    ['array.json', JSON.stringify([{ To: '+15005550001', From: '+15005550006', Body: 'x' }])],
    ['rows.ndjson', `${JSON.stringify({ To: '+15005550001', From: '+15005550006', Body: 'x' })}\n`],
    ['packed.csv.gz', gzipSync(messagesCsv(1))],
  ])('may be %s', async (name, content) => {
    await bench.drop(name, content);
    await bench.deliver(await bench.look());
    expect(bench.log.of('BatchAdmitted')).toMatchObject([{ columns: ['To', 'From', 'Body'] }]);
    expect(bench.rows).toEqual([1]);
  });

  it.each([
    ['empty.csv', '', 'empty-file'],
    ['header.csv', 'To,From,Body\n', 'header-only'],
    ['none.json', '{"messages": []}', 'empty-file'],
    ['workbook.csv', Buffer.from('504b030414000600', 'hex'), 'binary-file'],
    ['names.csv', 'phone,text\n1,2\n', 'no-to-column'],
    ['twice.csv', 'To,to\n1,2\n', 'duplicate-column'],
    ['broken.gz', Buffer.from('1f8b0800000000000003aaaaaaaa', 'hex'), 'broken-gzip'],
  ])('that can hold no rows is refused with nothing admitted: %s', async (name, content, code) => {
    await bench.drop(name, content);
    await bench.deliver(await bench.look());
    expect(bench.log.sequence('paceline.batches')).toEqual(['BatchRefused']);
    expect(bench.log.of('BatchRefused')).toMatchObject([{ code, reason: expect.stringContaining('nothing was admitted') }]);
    expect(bench.rows).toEqual([]);
    expect(bench.log.offset).toBe(1);
    expect(await bench.shelf('refused')).toEqual([name, `${name}.report.json`]);
  });

  it('that breaks in the middle is refused from there on, with what was admitted stated', async () => {
    await bench.drop('list.csv', `${messagesCsv(13)}+15005550001,+15005550006,"open\nand more\n`);
    await bench.deliver(await bench.look());
    expect(bench.rows).toEqual(upTo(13));
    expect(bench.log.of('BatchRefused')).toMatchObject([
      { code: 'broken-quotes', line: 15, reason: expect.stringContaining('rows 1 to 13 were read before (13 admitted)') },
    ]);
    expect(bench.log.of('BatchRead')).toMatchObject([{ rows: 13, complete: false }]);
    expect(await bench.shelf('refused')).toEqual(['list.csv', 'list.csv.report.json']);
  });

  it('checked first admits nothing when it breaks in the middle', async () => {
    await bench.close();
    bench = await IngestBench.open({ source: { mode: 'validate-first' } });
    await bench.drop('list.csv', `${messagesCsv(13)}+15005550001,+15005550006,"open\n`);
    await bench.drop('fine.csv', messagesCsv(12));
    await bench.deliver(await bench.look());
    expect(bench.log.of('BatchRefused')).toMatchObject([
      { code: 'broken-quotes', reason: expect.stringContaining('nothing was admitted') },
    ]);
    expect(bench.rows).toEqual(upTo(12));
  });

  it('of an unknown account is refused', async () => {
    await bench.drop('list.csv', messagesCsv(1), { account: 'nobody' });
    await bench.deliver(await bench.look());
    expect(bench.log.of('BatchRefused')).toMatchObject([{ code: 'unknown-account' }]);
  });

  it('beyond the row limit is refused from there on', async () => {
    await bench.close();
    bench = await IngestBench.open({ source: { limits: { ...limits, maxRows: 12 } } });
    await bench.drop('list.csv', messagesCsv(15));
    await bench.deliver(await bench.look());
    expect(bench.rows).toEqual(upTo(12));
    expect(bench.log.of('BatchRefused')).toMatchObject([{ code: 'too-many-rows', line: 14 }]);
  });

  it('whose contacts are suppressed has those rows refused as such', async () => {
    bench.suppressed = 'opted out';
    await bench.drop('list.csv', messagesCsv(1));
    await bench.deliver(await bench.look());
    expect(bench.log.of('RequestRefused')).toMatchObject([{ code: 'suppressed-at-admission', reason: 'opted out' }]);
  });
});

describe('other records', () => {
  it('one that cannot be decoded becomes a dead letter, and the partition moves on', async () => {
    const poison = {
      kind: 'poison',
      topic: 'paceline.files',
      partition: 0,
      offset: 4,
      key: 'k',
      headers: {},
      timestampMs: 0,
      reason: 'no magic byte',
      rawKey: null,
      rawValue: Buffer.from('x'),
    } as const;
    await new ReadFileTask(bench.log.open(), bench.deps).handle({
      topic: 'paceline.files',
      partition: 0,
      records: [poison],
      nextOffset: 7,
    });
    expect(bench.log.sequence('paceline.dead-letters')).toEqual(['DeadLettered']);
    expect(bench.log.offset).toBe(7);
  });
});

describe('a batch that is cancelled', () => {
  it('stops being read: its totals say so', async () => {
    await bench.drop('list.csv', messagesCsv(35));
    const records = await bench.look();
    const batchId = batchIdOf(foundIn(records[0]).fileHash, 'demo', '');
    const cancelIt = (): void => cancel(bench.controls, batchId);
    await bench.deliver(records, bench.log.open({ afterCommit: cancelIt }));
    expect(bench.log.of('BatchRead')).toMatchObject([{ complete: false }]);
    expect(bench.rows.length).toBeLessThan(35);
    expect(bench.log.offset).toBe(1);
    expect(await bench.shelf('done')).toContain('list.csv');
  });
});
