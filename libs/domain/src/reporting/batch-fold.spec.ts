import { requestIdOf, type Event } from '@paceline/contracts';
import fc from 'fast-check';
import * as made from './builders.suite.ts';
import { BatchFold } from './batch-fold.ts';
import type { BatchTotals } from './batch-account.ts';

const { admitted, answered, batchAdmitted, batchId, batchRead, claimed, closed, now, refused, rowsClosed } = made;

function totalsOf(...events: readonly Event[]): BatchTotals {
  const fold = new BatchFold();
  for (const event of events) fold.apply(event);
  const [totals, ...rest] = fold.totals();
  expect(rest).toEqual([]);
  if (totals === undefined) throw new Error('no batch');
  return totals;
}

const sumOf = ({ outcomes, open }: BatchTotals): number => Object.values(outcomes).reduce((sum, rows) => sum + rows, open);

const wholeRun = [
  ...[batchAdmitted(), admitted(1), admitted(2), admitted(3), admitted(4), admitted(5), refused(6), refused(7, 'suppressed-at-admission')],
  ...[batchRead(7, 5), claimed(1), claimed(2), answered(1), answered(2), claimed(3), answered(3, { class: 'IN_DOUBT' })],
  ...[closed(1), closed(2, { outcome: 'rejected', reason: 'twilio-rejected', code: 21211, httpStatus: 400 })],
  ...[closed(3, { outcome: 'unknown', reason: 'answer-in-doubt' }), rowsClosed([4, 5])],
];

test('a batch is complete when it was read and every row has its outcome', () => {
  expect(totalsOf(...wholeRun)).toMatchObject({
    ...{ batchId, account: 'demo', file: 'sample.csv', source: 'drop', rows: 7, admitted: 5, refused: 2, open: 0 },
    outcomes: { accepted: 1, rejected: 1, refused: 1, suppressed: 1, expired: 0, cancelled: 2, unknown: 1 },
    ...{ inDoubt: 1, codes: { 21211: 1 }, complete: true, balanced: true, conflicts: 0 },
    reasons: { accepted: 1, 'twilio-rejected': 1, 'answer-in-doubt': 1, cancelled: 2, 'invalid-to': 1, 'suppressed-at-admission': 1 },
  });
});

test('at-least-once in any order gives the same totals, and rows are outcomes plus open', () => {
  const expected = totalsOf(...wholeRun);
  const events = fc.shuffledSubarray([...wholeRun, ...wholeRun], { minLength: wholeRun.length * 2 });
  fc.assert(
    fc.property(events, (shuffled) => {
      const fold = new BatchFold();
      for (const event of shuffled) {
        fold.apply(event);
        const seen = fold.get(batchId);
        if (seen !== undefined) expect(sumOf(seen)).toBeGreaterThanOrEqual(seen.rows);
      }
      const { reasons, codes, ...rest } = fold.totals()[0] ?? expected;
      expect({ ...rest, reasons, codes }).toEqual(expected);
      expect(sumOf(expected)).toBe(expected.rows);
    }),
    { numRuns: 50 },
  );
});

test('while it is read, rows are what was read so far and the rest is open', () => {
  const totals = totalsOf(batchAdmitted(), made.batchProgressed(3, 2), admitted(1), admitted(2), refused(3), closed(1));
  expect(totals).toMatchObject({ rows: 3, open: 1, complete: false, balanced: true });
});

test('the total needs no request records: they are deleted once they are archived', () => {
  expect(totalsOf(batchRead(2, 2), closed(1), closed(2))).toMatchObject({ rows: 2, admitted: 2, open: 0, complete: true, balanced: true });
});

test('two outcomes for one row are a conflict; the first counts', () => {
  expect(totalsOf(batchRead(1, 1), closed(1), closed(1, { outcome: 'unknown', reason: 'claim-without-response' }))).toMatchObject({
    ...{ outcomes: { accepted: 1, unknown: 0 }, conflicts: 1, balanced: false, complete: true },
  });
});

test.each<[string, readonly Event[]]>([
  ['a refusal is missing', [batchRead(2, 1), closed(1), closed(2)]],
  ['a row beyond the file has an outcome', [batchRead(1, 1), closed(1), closed(2)]],
  ['more rows were admitted than read', [batchRead(1, 1), admitted(1), admitted(2), closed(1)]],
])('totals do not balance when %s', (_why, events) => {
  expect(totalsOf(...events).balanced).toBe(false);
});

test('an outcome that only knows its request is counted for its row, once', () => {
  const unread = closed(2, { row: 0, account: '', outcome: 'unknown', reason: 'undecodable' });
  expect(totalsOf(batchRead(2, 2), unread, unread, closed(1))).toMatchObject({
    ...{ outcomes: { accepted: 1, unknown: 1 }, reasons: { undecodable: 1 }, complete: true, balanced: true },
  });
  const foreign = closed(2, { row: 0, requestId: requestIdOf('other', 1), outcome: 'unknown', reason: 'undecodable' });
  expect(totalsOf(batchRead(1, 1), foreign, closed(1)).balanced).toBe(false);
});

test('a refused file is over, with its reason; what was admitted before still needs outcomes', () => {
  expect(totalsOf(made.batchRefused())).toMatchObject({
    rows: 0,
    complete: true,
    file: 'sample.csv',
    refusal: { code: 'broken-quotes', line: 3 },
  });
  expect(totalsOf(batchAdmitted(), made.batchProgressed(1, 1), admitted(1), made.batchRefused())).toMatchObject({
    open: 1,
    complete: false,
  });
});

test('the same content found again is counted and changes nothing else', () => {
  const totals = totalsOf(...wholeRun, made.duplicateSeen(), made.duplicateSeen());
  expect(totals).toEqual({ ...totalsOf(...wholeRun), duplicates: 1 });
});

describe('live counters', () => {
  test('attempts, calls, throttles and what is in flight, each attempt once', () => {
    const throttled = answered(1, { class: 'NOT_PROCESSED', httpStatus: 429 });
    const events = [
      claimed(1),
      throttled,
      throttled,
      claimed(1, { attempt: 2 }),
      claimed(2),
      answered(2, { class: 'NOT_SENT', calledAt: null }),
    ];
    expect(totalsOf(...events, ...events)).toMatchObject({ attempts: 3, calls: 1, throttled: 1, inFlight: 1 });
  });

  test('a claim that was given up is not in flight', () => {
    const silent = closed(1, { outcome: 'unknown', reason: 'claim-without-response' });
    expect(totalsOf(claimed(1), silent).inFlight).toBe(0);
  });

  test('first and last slot and call', () => {
    expect(totalsOf(claimed(3), claimed(1), answered(3), answered(1))).toMatchObject({
      ...{ firstSlotAt: now + 1000, lastSlotAt: now + 3000, firstCallAt: now + 20_000, lastCallAt: now + 60_000 },
    });
  });
});

test('batches are kept apart', () => {
  const fold = new BatchFold();
  fold.apply(batchRead(1, 1));
  fold.apply(closed(1, { batchId: 'b2' }));
  expect(fold.totals().map((totals) => [totals.batchId, totals.open, totals.outcomes.accepted])).toEqual([
    [batchId, 1, 0],
    ['b2', 0, 1],
  ]);
});

test('many rows cost a byte each and stay exact', () => {
  const fold = new BatchFold();
  const rows = 200_000;
  const template = closed(1);
  fold.apply(batchRead(rows, rows));
  for (let row = 1; row <= rows; row += 1) fold.apply({ ...template, data: { ...template.data, row } } as Event);
  expect(fold.get(batchId)).toMatchObject({ open: 0, outcomes: { accepted: rows }, complete: true, balanced: true });
});
