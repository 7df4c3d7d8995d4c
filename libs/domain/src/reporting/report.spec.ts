import type { Event } from '@paceline/contracts';
import { BatchFold } from './batch-fold.ts';
import { answered, batchAdmitted, batchRead, closed, refused } from './builders.suite.ts';
import { ledgerPartOf, type LedgerEntry } from './ledger-part.ts';
import { reportOf, type ReportParts } from './report.ts';

function totalsOf(...events: readonly Event[]) {
  const fold = new BatchFold();
  for (const event of events) fold.apply(event);
  return fold.totals();
}

const run = [batchAdmitted(), batchRead(3, 2), refused(3), answered(1), answered(2), closed(1), closed(2)];
const ledger = { url: 'http://127.0.0.1:18080', requests: 2, accepted: 2, doubleAccepted: 0, worstSecond: 2, limit: 50 };
const good: ReportParts = { ledger, clickhouse: { rows: 3, outcomes: { accepted: 2, refused: 1 } }, rateConfigured: () => 50 };

test('three witnesses that agree make the report ok', () => {
  expect(reportOf(totalsOf(...run), good)).toMatchObject({
    schemaVersion: 1,
    batches: [
      {
        file: 'sample.csv',
        rows: 3,
        outcomes: { accepted: 2, refused: 1 },
        inDoubt: 0,
        rateConfigured: 50,
        rateAchieved: 50,
        seconds: 0.02,
      },
    ],
    ...{ ledger, clickhouse: good.clickhouse, ok: true },
  });
});

test('without a simulator the ledger is null and nothing is guessed', () => {
  expect(reportOf(totalsOf(...run), { ...good, ledger: null })).toMatchObject({ ledger: null, ok: true });
});

test.each<[string, readonly Event[], Partial<ReportParts>]>([
  ['a row is open', run.slice(0, -1), {}],
  ['the file was not read to its end', run.filter(({ type }) => type !== 'BatchRead'), {}],
  ['a row has two outcomes', [...run, closed(1, { outcome: 'expired', reason: 'expired' })], {}],
  ['ClickHouse lacks a row', run, { clickhouse: { rows: 2, outcomes: { accepted: 2, refused: 1 } } }],
  ['ClickHouse has another outcome', run, { clickhouse: { rows: 3, outcomes: { accepted: 1, refused: 1, rejected: 1 } } }],
  ['ClickHouse was not asked', run, { clickhouse: null }],
  ['a request was accepted twice', run, { ledger: { ...ledger, doubleAccepted: 1 } }],
])('the report is not ok when %s', (_why, events, parts) => {
  expect(reportOf(totalsOf(...events), { ...good, ...parts }).ok).toBe(false);
});

describe('the ledger', () => {
  const exchange = (
    seq: number,
    arrivedAtUs: number,
    changes: { attempt?: string; status?: number; sid?: string | null } = {},
  ): LedgerEntry[] => {
    const { attempt = `r${seq}%231`, status = 201, sid = `SM${seq}` } = changes;
    const callbackUrl = attempt === '' ? null : `http://127.0.0.1/twilio/status?a=${attempt}`;
    return [
      { seq, arrivedAtUs, account: 'AC1', callbackUrl },
      { seq, status, sid, endedAtUs: arrivedAtUs + 1000 },
    ];
  };
  const about = { url: 'http://sim', limit: 50 };

  test('two attempts of one request that were both accepted are one double acceptance', () => {
    const entries = [...exchange(1, 0, { attempt: 'r1%231' }), ...exchange(2, 10, { attempt: 'r1%232' }), ...exchange(3, 20)];
    expect(ledgerPartOf(entries, about)).toEqual({ ...about, requests: 3, accepted: 3, doubleAccepted: 1, worstSecond: 3 });
  });

  test('an accepted call whose answer was lost counts as accepted', () => {
    const lost = [...exchange(1, 0, { attempt: 'r1%231', status: 500, sid: 'SM1' }), ...exchange(2, 10, { attempt: 'r1%232' })];
    expect(ledgerPartOf(lost, about).doubleAccepted).toBe(1);
  });

  test('a refused try and an accepted one are no double acceptance', () => {
    const entries = [...exchange(1, 0, { attempt: 'r1%231', status: 429, sid: null }), ...exchange(2, 10, { attempt: 'r1%232' })];
    expect(ledgerPartOf(entries, about)).toMatchObject({ accepted: 1, doubleAccepted: 0 });
  });

  test('calls without our token are counted but not attributed', () => {
    expect(ledgerPartOf([...exchange(1, 0, { attempt: '' }), ...exchange(2, 0, { attempt: '' })], about)).toMatchObject({
      accepted: 2,
      doubleAccepted: 0,
    });
  });

  test('the worst second is per account', () => {
    const entries: LedgerEntry[] = ['AC1', 'AC2', 'AC1'].map((account, seq) => ({ seq, arrivedAtUs: seq, account, callbackUrl: null }));
    expect(ledgerPartOf(entries, about).worstSecond).toBe(2);
  });
});
