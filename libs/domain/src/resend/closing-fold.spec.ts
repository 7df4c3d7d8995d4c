import { outcomeReasons, type Outcome } from '@paceline/contracts';
import { ClosingFold } from './closing-fold.ts';
import { closed, closedTogether, command, now, original, type Ended } from './resend.suite.ts';
import { RowNumbering, RowSet } from './row-set.ts';
import { isProvenSafe } from './safe-outcomes.ts';
import { selectionOf } from './selection.ts';

const generation = (batchId: string, rows: readonly number[], linked = rows) => ({
  batchId,
  numbering: new RowNumbering(RowSet.of(rows)),
  linked: RowSet.of(linked),
});

function chosen(
  events: readonly ReturnType<typeof closed>[],
  { generations = [] as readonly ReturnType<typeof generation>[], wish = {}, at = now + 1 } = {},
): number[] {
  const fold = new ClosingFold({ batchId: original, generations, selection: selectionOf(command(wish, at)) });
  for (const event of events) fold.apply(event);
  return [...fold.chosen(1_000).rows()];
}

describe('proof that nothing was processed', () => {
  const outcomes: readonly Outcome[] = ['open', 'accepted', 'rejected', 'refused', 'suppressed', 'expired', 'cancelled', 'unknown'];
  const safe = outcomes.flatMap((outcome) =>
    outcomeReasons
      .filter((reason) => isProvenSafe({ outcome, reason, httpStatus: null, code: null }))
      .map((reason) => `${outcome}: ${reason}`),
  );

  test('is one of these and no other', () => {
    expect(safe).toEqual([
      ...['rejected: twilio-rejected', 'rejected: throttled-out', 'rejected: unbuildable', 'rejected: unknown-account'],
      ...['refused: unbuildable', 'refused: unknown-account', 'suppressed: suppressed', 'expired: unreachable', 'expired: expired'],
      ...['cancelled: cancelled', 'cancelled: lane-stopped'],
    ]);
  });

  test.each([[200], [302], [408], [500], [503]])('is never an answer with status %d', (httpStatus) => {
    expect(isProvenSafe({ outcome: 'rejected', reason: 'twilio-rejected', httpStatus, code: 30022 })).toBe(false);
  });
});

describe('the rows of a resend', () => {
  test('are those that ended as asked', () => {
    const events = [
      closed(original, 1),
      closed(original, 2, { code: 21211 }),
      closed(original, 3, { outcome: 'accepted', reason: 'accepted', httpStatus: 201 }),
      closed(original, 4, { outcome: 'unknown', reason: 'answer-in-doubt' }),
      closedTogether(original, 6, 8),
    ];
    expect(chosen(events)).toEqual([1, 2]);
    expect(chosen(events, { wish: { codes: [30022] } })).toEqual([1]);
    expect(chosen(events, { wish: { outcomes: ['cancelled', 'rejected'], codes: [] } })).toEqual([1, 2, 6, 7, 8]);
    expect(chosen(events, { wish: { outcomes: ['cancelled'], codes: [30022] } })).toEqual([]);
  });

  test('closed at or after `since` and not after the command', () => {
    const events = [closed(original, 1, { at: now - 10 }), closed(original, 2), closed(original, 3, { at: now + 10 })];
    expect(chosen(events)).toEqual([1, 2]);
    expect(chosen(events, { wish: { since: now } })).toEqual([2]);
  });

  test.each<[string, Ended]>([
    ['accepted', { outcome: 'accepted', reason: 'accepted', httpStatus: 201, code: null }],
    ['unknown', { outcome: 'unknown', reason: 'claim-without-response', httpStatus: null, code: null }],
    ['an outcome of a later version', { outcome: 'open', reason: 'new', httpStatus: null, code: null }],
  ])('are never those of which anything says %s, in any order', (_, ended) => {
    expect(chosen([closed(original, 1), closed(original, 1, ended)])).toEqual([]);
    expect(chosen([closed(original, 1, ended), closed(original, 1)])).toEqual([]);
  });

  test('that were resent count by their latest request, by its number in its batch', () => {
    const first = generation('r1', [3, 7]);
    const origin = [closed(original, 3), closed(original, 7), closed(original, 9)];
    expect(chosen(origin, { generations: [first] })).toEqual([9]);
    expect(chosen([...origin, closed('r1', 2)], { generations: [first] })).toEqual([7, 9]);
    expect(chosen([...origin, closed('r1', 2), closed('r1', 5)], { generations: [first, generation('r2', [7])] })).toEqual([9]);
    expect(chosen([...origin, closed('r1', 2), closed('r2', 1)], { generations: [first, generation('r2', [7])] })).toEqual([7, 9]);
  });

  test('that a resend refused are back where they were', () => {
    expect(chosen([closed(original, 3), closed(original, 7)], { generations: [generation('r1', [3, 7], [7])] })).toEqual([3]);
  });

  test('accepted in one resend are never in another', () => {
    const generations = [generation('r1', [3]), generation('r2', [3], [])];
    const accepted = { outcome: 'accepted', reason: 'accepted', httpStatus: 201, code: null } as const;
    expect(chosen([closed(original, 3), closed('r1', 1, accepted)], { generations })).toEqual([]);
  });

  test('are no more than one run takes, the first of the file first', () => {
    const fold = new ClosingFold({ batchId: original, generations: [], selection: selectionOf(command()) });
    for (const row of [9, 2, 5]) fold.apply(closed(original, row));
    expect([...fold.chosen(2).rows()]).toEqual([2, 5]);
  });
});
