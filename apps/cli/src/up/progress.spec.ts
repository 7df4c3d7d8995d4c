import { BatchFold, type BatchTotals, type WaitingLine } from '@paceline/domain/reporting';
import { event, metaOf } from '@paceline/contracts';
import { paceNote } from './pace-view.ts';
import { progressLine } from './progress.ts';

const batchId = 'ab'.repeat(16);

function totals(): BatchTotals[] {
  const fold = new BatchFold();
  const meta = metaOf('BatchRead', { natural: [batchId], at: 1, correlationId: batchId });
  const read = { batchId, account: 'demo', rows: 100, admitted: 100, refused: 0, segments: 100, reasons: {}, warnings: [], complete: true };
  fold.apply(event('BatchRead', { meta, ...read }));
  return fold.totals();
}
const line = (over: Partial<WaitingLine> = {}): WaitingLine => ({
  ...{
    account: 'demo',
    batchId,
    lane: '+1500***06',
    priority: 0,
    rows: 80,
    kind: 'lane-rate',
    reason: 'lane +1500***06 at 1 segment/s',
    nextAt: null,
  },
  ...over,
});
const etas = (seconds: number) => new Map([[batchId, { seconds, at: 0 }]]);
const shown = (note: ReturnType<typeof paceNote> | null): string =>
  progressLine(totals(), { now: 12, configured: 50, note }).split(' | ').slice(1).join(' | ');

describe('the line of progress', () => {
  test("tells the pacer's estimate and what holds most rows", () => {
    expect(shown(paceNote({ waiting: [line()], etas: etas(80) }, totals()))).toBe(
      '12.0/s of 50/s | ETA 80 s | 80 rows: lane +1500***06 at 1 segment/s',
    );
  });

  test('says nothing more when the account alone sets the pace', () => {
    expect(shown(paceNote({ waiting: [line({ kind: 'rate' })], etas: etas(2) }, totals()))).toBe('12.0/s of 50/s | ETA 2 s');
  });

  test('has no estimate when rows wait for a person', () => {
    const waiting = [line({ kind: 'parked', reason: 'lane +1500***06 parked: code 21611' })];
    expect(shown(paceNote({ waiting, etas: new Map() }, totals()))).toBe(
      '12.0/s of 50/s | ETA - | 80 rows: lane +1500***06 parked: code 21611',
    );
  });

  test('without an answer of the pacer counts what the configured pace would take', () => {
    expect(shown(null)).toBe('12.0/s of 50/s | ETA 2 s');
  });

  test("other files' rows are not its own", () => {
    expect(paceNote({ waiting: [line({ batchId: 'cd'.repeat(16) })], etas: new Map() }, totals())).toEqual({
      etaSeconds: null,
      waits: null,
    });
  });
});
