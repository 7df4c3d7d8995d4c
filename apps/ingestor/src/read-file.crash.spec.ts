import { readFile } from 'node:fs/promises';
import { OpeningLost } from '@paceline/pipeline';
import { foundIn, IngestBench, messagesCsv, upTo } from './ingest-bench.suite.ts';
import { ReadFileTask } from './read-file.task.ts';

let bench: IngestBench;
beforeEach(async () => {
  bench = await IngestBench.open();
});
afterEach(() => bench.close());

describe('after a crash', () => {
  it.each(upTo(5).map((n) => n - 1))('between chunks (after %d commits) each row is admitted exactly once', async (loseAfter) => {
    await bench.drop('list.csv', `${messagesCsv(35)}bad,+15005550006,x\n`);
    const records = await bench.look();
    const lost =
      loseAfter < 4 ? expect(bench.deliver(records, bench.log.open({ loseAfter }))).rejects.toThrow(OpeningLost) : bench.deliver(records);
    await lost;
    if (bench.log.offset === null) await bench.deliver(records);
    expect(bench.rows).toEqual(upTo(35));
    expect(bench.log.of('RequestRefused').map(({ row }) => row)).toEqual([36]);
    expect(bench.log.of('BatchAdmitted')).toHaveLength(1);
    expect(bench.log.of('BatchRead')).toMatchObject([{ rows: 36, admitted: 35, refused: 1, reasons: { 'invalid-to': 1 } }]);
    expect((await readFile(bench.inbox('done/list.csv.refused.csv'), 'utf8')).split('\r\n')).toHaveLength(3);
  });

  it('the refused rows of an uncommitted chunk are not given back twice', async () => {
    const bad = Array.from({ length: 35 }, (_, n) => `bad${n},+15005550006,x\n`).join('');
    await bench.drop('list.csv', `To,From,Body\n${bad}`);
    const records = await bench.look();
    await expect(bench.deliver(records, bench.log.open({ loseAfter: 2 }))).rejects.toThrow(OpeningLost);
    await bench.deliver(records);
    const lines = (await readFile(bench.inbox('done/list.csv.refused.csv'), 'utf8')).trim().split('\r\n');
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(upTo(35).map((n) => `bad${n - 1}`));
  });

  it('between the last commit and the move, the file is found again and only moved', async () => {
    await bench.drop('list.csv', messagesCsv(3));
    await bench.deliver(await bench.look());
    await bench.drop('list.csv', messagesCsv(4));
    const records = await bench.look();
    const settle = bench.place.settle.bind(bench.place);
    bench.place.settle = () => Promise.reject(new Error('killed'));
    await bench.deliver(records);
    bench.place.settle = settle;
    bench.newDiscovery();
    const again = await bench.look();
    expect(foundIn(again[0]).meta.eventId).toBe(foundIn(records[0]).meta.eventId);
    await bench.deliver(again);
    expect(bench.log.of('DuplicateFileSeen')).toEqual([]);
    expect(bench.log.of('RequestAdmitted')).toHaveLength(7);
    expect((await bench.shelf('done')).filter((name) => name.endsWith('.csv'))).toHaveLength(2);
    expect(await bench.look()).toEqual([]);
  });

  it('a service that stops gives up the file after the chunk at hand', async () => {
    await bench.drop('list.csv', messagesCsv(35));
    const records = await bench.look();
    let task: ReadFileTask | null = null;
    const opening = bench.log.open({ afterCommit: (count) => (count === 2 ? task?.close() : undefined) });
    task = new ReadFileTask(opening, bench.deps);
    await task.handle({ topic: 'paceline.files', partition: 0, records, nextOffset: 1 });
    expect(bench.log.offset).toBeNull();
    await bench.deliver(records);
    expect(bench.rows).toEqual(upTo(35));
  });
});

describe('a store that fails', () => {
  it('is asked again from the last committed chunk', async () => {
    await bench.drop('list.csv', messagesCsv(35));
    const records = await bench.look();
    const open = bench.place.open.bind(bench.place);
    let failures = 2;
    bench.place.open = async function* (location, options) {
      for await (const chunk of open(location, options)) {
        if (failures-- > 0) {
          yield chunk.subarray(0, 700);
          throw new Error('connection reset');
        }
        yield chunk;
      }
    };
    await bench.deliver(records);
    expect(bench.rows).toEqual(upTo(35));
    expect(bench.log.of('BatchRead')).toMatchObject([{ rows: 35, complete: true }]);
  });

  it('that stays away ends the batch as unreadable, to be dropped again', async () => {
    await bench.drop('list.csv', messagesCsv(3));
    const records = await bench.look();
    bench.place.open = () => {
      throw new Error('no route to host');
    };
    await bench.deliver(records);
    expect(bench.log.of('BatchRefused')).toMatchObject([{ code: 'unreadable' }]);
  });
});
