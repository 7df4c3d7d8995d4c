import { metaOf, type SuppressionSet } from '@paceline/contracts';
import { isConsent, suppressionLines, suppressionsToExport } from './suppression-list.ts';

const now = 1_000;
let said = 0;

const record = (changes: Partial<SuppressionSet> = {}): SuppressionSet => ({
  meta: metaOf('SuppressionSet', { natural: [(said += 1)], at: 10, correlationId: 'c' }),
  ...{ contact: 'c1', channel: 'sms', scope: '*', origin: 'operator', reason: 'asked', expiresAt: null },
  ...{ lifted: false, by: 'ann', asOf: null },
  ...changes,
});
const strike = (row: number, expiresAt: number) => record({ origin: `strike:30003:2:r${row}`, expiresAt, asOf: row });

describe('the list', () => {
  it('shows what holds, what was lifted by whom and why, and what has expired', () => {
    const lines = suppressionLines(
      [
        record({ origin: 'import', asOf: 40 }),
        record({ channel: 'voice', asOf: 30 }),
        record({ channel: 'voice', lifted: true, reason: 'mistake', by: 'bob', asOf: 35 }),
        record({ expiresAt: 500, asOf: 20 }),
      ],
      now,
    );
    expect(lines).toMatchObject([
      { origin: 'import', state: 'holds', since: 40, liftedAt: null },
      { channel: 'voice', state: 'lifted', by: 'ann', liftedBy: 'bob', liftedFor: 'mistake', liftedAt: 35 },
      { origin: 'operator', state: 'expired', expiresAt: 500 },
    ]);
  });

  it('strikes of one kind are one line, which holds once they are enough and ends with one too many of them', () => {
    expect(suppressionLines([strike(1, 5_000)], now)).toMatchObject([{ origin: 'strike:30003', state: 'strikes', strikes: '1 of 2' }]);
    const enough = [strike(1, 5_000), strike(2, 6_000), strike(3, 7_000)];
    expect(suppressionLines(enough, now)).toMatchObject([{ state: 'holds', strikes: '3 of 2', since: 3, expiresAt: 6_000 }]);
  });

  it('several answers of one code are one line, lifted only when all are', () => {
    const answers = [record({ origin: 'code:30006', asOf: 5 }), record({ origin: 'code:30006', asOf: 50 })];
    const lift = record({ origin: '*', lifted: true, asOf: 20 });
    expect(suppressionLines([...answers, lift], now)).toMatchObject([{ state: 'holds', since: 50 }]);
  });
});

describe('the export', () => {
  it('has each target that holds once, with its latest end', () => {
    const lines = suppressionLines(
      [record({ asOf: 20, expiresAt: 5_000 }), record({ origin: 'import', asOf: 10 }), record({ channel: 'voice', expiresAt: 5 })],
      now,
    );
    expect(suppressionsToExport(lines)).toMatchObject([{ channel: 'sms', expiresAt: null, reason: 'asked' }]);
  });

  it('knows opt-outs from faults of numbers', () => {
    const origins = ['operator', 'consent', 'code:21610', 'code:30006'];
    const lines = suppressionLines(
      [...origins.map((origin) => record({ origin })), record({ scope: 'value' }), record({ channel: 'voice' })],
      now,
    );
    expect(lines.filter(isConsent).map(({ origin }) => origin)).toEqual(['operator', 'consent', 'code:21610']);
  });
});
