import { requestIdOf } from '@paceline/contracts';
import { BatchFold } from '@paceline/domain/reporting';
import { cancel } from './cancel.suite.ts';
import { ends, original, ResendBench } from './resend-bench.suite.ts';

let bench: ResendBench;
beforeEach(() => (bench = new ResendBench()));

const totals = (batchId = bench.resends.at(-1) ?? '') => {
  const fold = new BatchFold();
  for (const { event } of bench.log) fold.apply(event);
  return fold.get(batchId);
};

describe('a resend', () => {
  it('makes a batch of the rows that ended as asked, each a request that follows its first', async () => {
    for (const row of [2, 5, 9]) bench.close(original, row);
    bench.close(original, 3, ends.accepted);
    bench.close(original, 4, ends.unknown);
    bench.close(original, 6, ends.redirected);
    bench.ask();
    expect(await bench.deliver()).toBe(true);
    const batchId = bench.resends[0] ?? '';
    expect(bench.memory.of('BatchAdmitted')).toMatchObject([{ batchId, name: 'a.csv', account: 'demo', location: `resend://${original}` }]);
    expect(bench.memory.of('ResendPlanned')).toMatchObject([{ resendOf: original, generation: 1, firstRow: 1, by: 'alice' }]);
    expect(bench.memory.of('RequestAdmitted').map(({ request }) => request)).toMatchObject(
      [2, 5, 9].map((row, at) => ({ batchId, row: at + 1, line: row + 1, parent: requestIdOf(original, row) })),
    );
    expect(totals()).toMatchObject({ rows: 3, admitted: 3, open: 3, balanced: true });
  });

  it('asked for twice, or delivered twice, resends nothing twice', async () => {
    bench.close(original, 2);
    bench.ask();
    bench.again();
    bench.ask();
    await bench.deliver();
    expect(bench.resent).toEqual([2]);
    expect(bench.memory.of('BatchRefused')).toMatchObject([{ code: 'nothing-to-resend' }]);
  });

  it('asked for before the first one ended is not made of its ends', async () => {
    bench.close(original, 2);
    bench.ask();
    bench.ask();
    let closed = false;
    await bench.deliver({
      afterCommit: () => {
        if (closed || bench.resent.length === 0) return;
        closed = true;
        bench.close(bench.resends[0] ?? '', 1);
      },
    });
    expect(bench.resent).toEqual([2]);
  });

  it('can follow one that ended with proof, and names its request', async () => {
    bench.close(original, 2);
    bench.ask();
    await bench.deliver();
    bench.close(bench.resends[0] ?? '', 1);
    bench.ask();
    await bench.deliver();
    expect(bench.memory.of('RequestAdmitted').map(({ request }) => request.parent)).toEqual([
      requestIdOf(original, 2),
      requestIdOf(bench.resends[0] ?? '', 1),
    ]);
  });

  it('while the originals run takes only the rows that have ended, and the others later', async () => {
    bench.close(original, 1);
    bench.ask();
    bench.close(original, 2);
    await bench.deliver();
    expect(bench.resent).toEqual([1]);
    bench.ask();
    await bench.deliver();
    expect(bench.resent).toEqual([1, 2]);
  });

  it('refuses rows by the rules of today, and they are back where they were', async () => {
    bench.close(original, 2);
    bench.suppressed = true;
    bench.ask();
    await bench.deliver();
    expect(totals()).toMatchObject({ rows: 1, admitted: 0, refused: 1, complete: true, balanced: true, outcomes: { suppressed: 1 } });
    bench.suppressed = false;
    bench.ask();
    await bench.deliver();
    expect(bench.resent).toEqual([2]);
  });

  it('says which rows have no content any more', async () => {
    bench.close(original, 99);
    bench.close(original, 1);
    bench.ask();
    await bench.deliver();
    expect(bench.memory.of('RequestRefused')).toMatchObject([{ row: 2, code: 'content-gone' }]);
    expect(totals()).toMatchObject({ rows: 2, admitted: 1, refused: 1, balanced: true });
  });

  it('that is cancelled while it is read ends the rest as cancelled', async () => {
    for (let row = 1; row <= 10; row += 1) bench.close(original, row);
    bench.ask();
    await bench.deliver({ afterCommit: (count) => count === 2 && cancel(bench.controls, bench.resends[0] ?? '') });
    expect(bench.resent).toEqual([1, 2]);
    expect(bench.memory.of('RowsClosed')).toMatchObject([{ ranges: [{ from: 3, to: 10 }], outcome: 'cancelled' }]);
    expect(totals()).toMatchObject({ rows: 10, admitted: 10, open: 2, balanced: true, outcomes: { cancelled: 8 } });
    bench.ask({ outcomes: ['cancelled'] });
    await bench.deliver();
    expect(bench.resent).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it.each([
    [{ outcomes: ['accepted'] as const }, 'outcome-not-safe'],
    [{ outcomes: ['rejected', 'unknown'] as const }, 'outcome-not-safe'],
    [{ outcomes: [] }, 'outcome-not-safe'],
    [{ batchId: 'nobody' }, 'unknown-batch'],
    [{ expiresAt: 1 }, 'already-expired'],
    [{}, 'nothing-to-resend'],
  ])('that cannot be is refused: %j', async (wish, code) => {
    bench.ask(wish);
    expect(await bench.deliver()).toBe(true);
    expect(bench.memory.of('BatchRefused')).toMatchObject([{ code }]);
    expect(bench.memory.outputs).toHaveLength(1);
  });

  it('of a resend is refused: its original is asked for', async () => {
    bench.close(original, 2);
    bench.ask();
    await bench.deliver();
    bench.ask({ batchId: bench.resends[0] ?? '' });
    await bench.deliver();
    expect(bench.memory.of('BatchRefused')).toMatchObject([{ code: 'is-a-resend' }]);
  });

  it('goes on when the log can be read again, and sends nothing when it cannot', async () => {
    bench.close(original, 2);
    bench.ask();
    bench.unreadable = 3;
    expect(await bench.deliver()).toBe(true);
    expect(bench.resent).toEqual([2]);
    bench.close(original, 3);
    bench.ask();
    bench.unreadable = 100;
    expect(await bench.deliver()).toBe(true);
    expect(bench.resent).toEqual([2]);
    expect(bench.memory.of('BatchRefused')).toMatchObject([{ code: 'unreadable' }]);
  });

  it('killed at any commit, or stopped after any, goes on where it was', async () => {
    for (let at = 0; at < 8; at += 1) {
      bench = new ResendBench();
      for (let row = 1; row <= 9; row += 1) bench.close(original, row);
      bench.ask();
      const ended = await bench.deliver(at % 2 === 0 ? { loseAfter: at / 2 } : { stopAfter: (at + 1) / 2 });
      expect(ended).toBe(false);
      expect(await bench.deliver()).toBe(true);
      expect(bench.resent).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(bench.resends).toHaveLength(1);
      expect(totals()).toMatchObject({ rows: 9, admitted: 9, balanced: true });
    }
  });
});
