import { event, metaOf, requestIdOf, type Event, type Request, type RequestClosed, type TopicName } from '@paceline/contracts';
import type { PlanAccount } from '@paceline/domain/reporting';
import { chainEntries, chainLines } from './resend-chain.ts';
import { previewResend, type ResendPreview } from './resend-preview.ts';
import { resendLines, resendReport } from './resend-view.ts';
import { rowsWanted, type ResendFlags } from './resend-wish.ts';

const now = Date.UTC(2026, 10, 22, 12) * 1_000;
const batchId = 'b0b0';
const meta = (type: Parameters<typeof metaOf>[0], ...natural: (string | number)[]) =>
  metaOf(type, { natural, at: now - 1_000_000, correlationId: batchId });

const request = (row: number, changes: Partial<Request> = {}): Request => ({
  ...{ requestId: requestIdOf(batchId, row), batchId, account: 'demo', api: 'messages', lane: 'messages', row, line: row + 1, cost: 2 },
  ...{ priority: 0, notBefore: null, expiresAt: null, timeZone: null, externalId: null, contact: 'c', sender: '', parent: null },
  personal: { to: '+15006000001', params: [] },
  ...changes,
});
const admitted = (one: Request): Event => event('RequestAdmitted', { meta: meta('RequestAdmitted', one.requestId), request: one });
const closed = (batch: string, row: number, changes: Partial<RequestClosed> = {}): Event =>
  event('RequestClosed', {
    ...{
      meta: meta('RequestClosed', batch, row),
      requestId: requestIdOf(batch, row),
      batchId: batch,
      account: 'demo',
      row,
      api: 'messages',
    },
    ...{ outcome: 'rejected', reason: 'twilio-rejected', attempts: 1, httpStatus: 400, code: 30022, sid: null, calledAt: null },
    ...{ ruleVersion: null, evidence: null, externalId: null, fields: null },
    ...changes,
  });
const planned = (batch: string, from: number, to: number): Event =>
  event('ResendPlanned', {
    ...{ meta: meta('ResendPlanned', batch), batchId: batch, account: 'demo', resendOf: batchId, resendId: 'x', generation: 1 },
    ...{ ranges: [{ from, to }], firstRow: 1, by: 'alice', reason: '' },
  });
const batch: Event = event('BatchAdmitted', {
  ...{ meta: meta('BatchAdmitted', batchId), batchId, account: 'demo', source: 'drop', name: 'march.csv', location: '/march.csv' },
  ...{ fileHash: 'h', runId: '', format: 'csv', columns: ['To'] },
});

const topicOf = ({ type }: Event): TopicName => {
  if (type === 'RequestAdmitted') return 'paceline.requests';
  if (type === 'RequestRefused') return 'paceline.refusals';
  return type === 'RequestClosed' ? 'paceline.outcomes' : 'paceline.batches';
};
const logOf = (events: readonly Event[]) => ({
  readToEnd: (topics: readonly TopicName[], each: (record: { event: Event }) => void): Promise<void> =>
    Promise.resolve(events.filter((one) => topics.includes(topicOf(one))).forEach((one) => each({ event: one }))),
});

const account: PlanAccount = {
  ...{ name: 'demo', callsPerSecond: 10, maxInFlight: 100, apiLimits: {}, laneRates: new Map<string, number>() },
  ...{ unlistedSegmentsPerSecond: null, dailyCap: null, dailyReset: { at: '00:00', zone: 'UTC' }, quietHours: null },
};
const flags = (changes: Partial<ResendFlags> = {}): ResendFlags => ({ outcome: ['rejected'], code: [], answerTime: '500ms', ...changes });
const preview = (events: readonly Event[], changes: Partial<ResendFlags> = {}, id = batchId): Promise<ResendPreview> =>
  previewResend(logOf(events), {
    ...{
      batch: id,
      wanted: rowsWanted(flags(changes), now),
      now,
      accounts: new Map([['demo', account]]),
      answerSeconds: 0.5,
      minShare: 0.05,
    },
  });

const rows = [1, 2, 3, 4].map((row) => admitted(request(row)));

describe('the preview of a resend', () => {
  test('counts rows by their ends, segments, and says when they would be done', async () => {
    const events = [batch, ...rows, closed(batchId, 1), closed(batchId, 2, { code: 21212 }), closed(batchId, 3, { outcome: 'accepted' })];
    const found = await preview(events);
    expect(found).toMatchObject({ batchId, file: 'march.csv', rows: 2, segments: 4, resends: 0, refused: {} });
    expect(found.ends).toEqual([
      { outcome: 'rejected', reason: 'twilio-rejected', code: 30022, rows: 1 },
      { outcome: 'rejected', reason: 'twilio-rejected', code: 21212, rows: 1 },
    ]);
    const text = resendLines(resendReport(found, new Map())).join('\n');
    expect(text).toMatch(/^march.csv \(batch b0b0\): 2 rows, 4 segments\n {2}1 rejected: twilio-rejected with code 30022/);
    expect(text).toMatch(/done in .*2026-11-22T12:00/);
    expect((await preview(events, { code: ['30022'] })).rows).toBe(1);
  });

  test('leaves out what is being resent, and takes what ended there', async () => {
    const events = [batch, ...rows, closed(batchId, 1), closed(batchId, 2), closed(batchId, 3), planned('r1', 2, 3)];
    expect((await preview(events)).rows).toBe(1);
    expect(await preview([...events, closed('r1', 2)])).toMatchObject({ rows: 2, resends: 1 });
    await expect(preview(events.concat({ ...batch, data: { ...batch.data, batchId: 'r1' } } as Event), {}, 'r1')).rejects.toMatchObject({
      message: 'r1 is itself a resend of batch b0b0: resend that one; the latest request of each row counts',
      exitCode: 2,
    });
  });

  test('says what would be refused', async () => {
    const past = { expiresAt: now - 1 };
    const events = [
      batch,
      admitted(request(1, past)),
      admitted(request(2, { account: 'gone' })),
      closed(batchId, 1),
      closed(batchId, 2),
      closed(batchId, 9),
    ];
    expect((await preview(events)).refused).toEqual({ 'already-expired': 1, 'unknown-account': 1, 'content-gone': 1 });
    expect((await preview(events, { expires: '1h' })).refused).toEqual({ 'unknown-account': 1, 'content-gone': 1 });
  });

  test('of a batch that nobody knows is an error', async () => {
    await expect(preview([batch], {}, 'ffff')).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('what is asked for', () => {
  test.each<[Partial<ResendFlags>, RegExp]>([
    [{ outcome: [] }, /--outcome is missing/],
    [{ outcome: ['accepted'] }, /would make each of them twice/],
    [{ outcome: ['unknown'] }, /paceline doubts/],
    [{ outcome: ['odd'] }, /give rejected, expired/],
    [{ code: ['x'] }, /--code x/],
    [{ since: 'yesterday' }, /--since yesterday/],
    [{ since: '2026-11-22T10:00:00' }, /with an offset/],
    [{ expires: '2026-11-22T11:00:00Z' }, /has passed/],
  ])('is refused when it cannot be meant: %j', (changes, message) => {
    expect(() => rowsWanted(flags(changes), now)).toThrow(message);
  });

  test('is taken by instant or by duration', () => {
    expect(rowsWanted(flags({ since: '2h', expires: '30m', code: ['30022', '30022'] }), now)).toEqual({
      ...{ outcomes: ['rejected'], codes: [30022], since: now - 7_200_000_000, expiresAt: now + 1_800_000_000 },
    });
    expect(rowsWanted(flags({ since: '2026-11-22T13:00:00+02:00' }), now).since).toBe(now - 3_600_000_000);
  });
});

test('the chain of a row says what became of each of its requests', async () => {
  const links = [
    { batchId, row: 2, requestId: requestIdOf(batchId, 2) },
    { batchId: 'r1', row: 1, requestId: requestIdOf('r1', 1) },
  ];
  const entries = await chainEntries(logOf([batch, closed(batchId, 2), closed(batchId, 1, { outcome: 'accepted' })]), links);
  expect(entries).toMatchObject([
    { outcome: 'rejected', code: 30022, endedAt: '2026-11-22T11:59:59.000000Z' },
    { outcome: 'open', endedAt: null },
  ]);
  expect(chainLines(entries, requestIdOf('r1', 1))).toEqual([
    `  first sent as b0b0:2 (${requestIdOf(batchId, 2)}): rejected: twilio-rejected 30022`,
    `> resent as r1:1 (${requestIdOf('r1', 1)}): open`,
  ]);
  expect(await chainEntries(logOf([]), links.slice(0, 1))).toEqual([]);
});
