import { contactOf } from '@paceline/contracts';
import { ContactHash, type AdmissionContext } from './admission.ts';
import type { BatchContext } from './batch-events.ts';
import { ColumnTargets, planColumns, type ColumnRules } from './column-plan.ts';
import { admitRows } from './row-admission.ts';
import { Tally } from './tally.ts';

const key = 'key-of-this-spec';
const now = Date.parse('2026-05-01T00:00:00Z') * 1000;
const batch: BatchContext = {
  batchId: 'b1',
  account: 'demo',
  source: 'drop',
  name: 'f.csv',
  location: '/in/f.csv',
  fileHash: 'h',
  runId: '',
  format: 'csv',
  causedBy: null,
  now,
};
const admission = (over: Partial<AdmissionContext> = {}): AdmissionContext => ({
  batchId: 'b1',
  account: 'demo',
  accounts: new Set(['demo', 'other']),
  quietAccounts: new Set(),
  maxFieldLength: 5000,
  contactHash: new ContactHash(key),
  suppressedBecause: () => null,
  ...over,
});

type Row = Readonly<Record<string, string>>;
const mg = `MG${'a'.repeat(32)}`;
const message: Row = { To: '+15005550001', From: '+15005550006', Body: 'hello' };

function admit(row: Row, options: { rules?: Partial<ColumnRules>; context?: Partial<AdmissionContext> } = {}) {
  const targets = new ColumnTargets({ columns: {}, defaults: {}, ...options.rules });
  const plan = planColumns(Object.keys(row), targets, 100);
  if ('code' in plan) throw new Error(plan.code);
  const tally = new Tally();
  const raw = { kind: 'fields', row: 1, line: 2, fields: Object.values(row) } as const;
  const chunk = admitRows([raw], { batch, draft: { targets, plan, columns: plan.header }, admission: admission(options.context) }, tally);
  const refused = chunk.refused[0]?.data;
  return { request: chunk.admitted[0]?.data.request, refused, code: refused?.code, column: refused?.column, totals: tally.totals };
}

describe('a row of messages', () => {
  it.each([
    ['the magic recipients are numbers like any other', { ...message, To: '+15005550009' }, undefined],
    ['so are the magic senders', { ...message, From: '+15005550007' }, undefined],
    ['a WhatsApp address is a recipient', { ...message, To: 'whatsapp:+15005550001' }, undefined],
    ['a short code may send', { ...message, From: '55555' }, undefined],
    ['a sender name may send', { ...message, From: 'ACME Inc' }, undefined],
    ['a Messaging Service may send', { To: '+15005550001', MessagingServiceSid: mg, Body: 'x' }, undefined],
    ['media without a text is content', { To: '+15005550001', From: '+15005550006', MediaUrl: 'https://x.example/a.png' }, undefined],
    ['an apostrophe and doubled quotes are text', { ...message, Body: 'Don\'t say "hi"' }, undefined],
    ['no recipient', { ...message, To: '' }, 'missing-to'],
    ['a recipient without plus', { ...message, To: '15005550001' }, 'invalid-to'],
    ['a recipient with dashes', { ...message, To: '+1-500-555-0001' }, 'invalid-to'],
    ['a recipient from a spreadsheet', { ...message, To: '1.50056E+10' }, 'invalid-to'],
    ['no sender', { ...message, From: ' ' }, 'missing-sender'],
    ['a malformed service', { To: '+15005550001', MessagingServiceSid: 'MG1', Body: 'x' }, 'invalid-parameter'],
    ['no content', { ...message, Body: '' }, 'missing-content'],
    ['1600 characters fit', { ...message, Body: '😀'.repeat(1600) }, undefined],
    ['1601 do not', { ...message, Body: 'x'.repeat(1601) }, 'body-too-long'],
    ['media in the clear', { ...message, MediaUrl: 'http://x.example/a.png' }, 'invalid-parameter'],
    ['variables without a template', { ...message, ContentVariables: '{}' }, 'missing-parameter'],
    ['a validity beyond ten hours', { ...message, ValidityPeriod: '36001' }, 'invalid-parameter'],
    ['a schedule without its service', { ...message, ScheduleType: 'fixed', SendAt: '2026-05-02T09:00:00Z' }, 'missing-parameter'],
    ['an unknown API', { ...message, Api: 'fax' }, 'unknown-api'],
    ['an unknown account', { ...message, Account: 'nobody' }, 'unknown-account'],
    ['a time without offset', { ...message, NotBefore: '2026-05-01T09:00' }, 'invalid-time'],
    ['a time in a named zone', { ...message, NotBefore: '2026-05-01T09:00', Timezone: 'America/New_York' }, undefined],
    ['an unknown zone', { ...message, Timezone: 'Nowhere' }, 'invalid-time'],
    ['an end that has passed', { ...message, ExpiresAt: '2026-04-30T09:00:00Z' }, 'already-expired'],
    ['an end before the beginning', { ...message, NotBefore: '2026-05-03T00:00:00Z', ExpiresAt: '2026-05-02T00:00:00Z' }, 'invalid-time'],
    ['a priority that is no number', { ...message, Priority: 'high' }, 'invalid-parameter'],
    ['a field beyond the limit', { ...message, Body: 'x'.repeat(5001) }, 'field-too-long'],
    ['a row that is longer in all than a call may be', { ...message, ExternalId: 'x'.repeat(65_536) }, 'field-too-long'],
  ])('%s', (_rule, row, code) => {
    const verdict = admit(row);
    expect(verdict.code).toBe(code);
    expect(verdict.request === undefined).toBe(code !== undefined);
  });

  it('becomes a request that needs nothing else', () => {
    const { request } = admit({
      ...message,
      Body: ' x '.repeat(60),
      ExternalId: 'row-7',
      Priority: '5',
      NotBefore: '2026-05-01T02:00:00+02:00',
    });
    expect(request).toMatchObject({
      batchId: 'b1',
      account: 'demo',
      api: 'messages',
      row: 1,
      line: 2,
      cost: 2,
      priority: 5,
      externalId: 'row-7',
      notBefore: now,
      expiresAt: null,
      timeZone: null,
      parent: null,
      contact: contactOf(key, '+15005550001'),
      sender: contactOf(key, '+15005550006'),
      lane: `messages:${contactOf(key, '+15005550006').slice(0, 12)}`,
      personal: {
        to: '+15005550001',
        params: [
          { name: 'From', value: '+15005550006' },
          { name: 'Body', value: ' x '.repeat(60) },
        ],
      },
    });
  });

  it('has one contact on every channel', () => {
    expect(admit({ ...message, To: 'whatsapp:+15005550001' }).request?.contact).toBe(admit(message).request?.contact);
  });

  it('fills {{name}} from any of its columns, and is refused when there is no such column', () => {
    const row = { ...message, Body: 'Hi {{ first name }}, {{FIRSTNAME}}!', 'First Name': 'Ada' };
    expect(admit(row).request?.personal.params.at(-1)).toEqual({ name: 'Body', value: 'Hi Ada, Ada!' });
    expect(admit({ ...message, Body: 'Hi {{surname}}' })).toMatchObject({ code: 'missing-parameter', column: 'Body' });
  });

  it("takes what it lacks from the source's defaults, and its own value where it has one", () => {
    const rules = { defaults: { From: '+15005550006', Body: 'standard' } };
    expect(admit({ To: '+15005550001', Body: '' }, { rules }).request?.personal.params).toEqual([
      { name: 'From', value: '+15005550006' },
      { name: 'Body', value: 'standard' },
    ]);
    expect(admit({ To: '+15005550001', Body: 'own' }, { rules }).request?.personal.params[0]).toEqual({ name: 'Body', value: 'own' });
  });

  it('names the columns that are not sent, once', () => {
    const { totals } = admit({ ...message, Town: 'Bern', StatusCallback: 'https://x.example', Channel: 'sms' });
    expect(totals.warnings).toEqual([
      expect.stringContaining('column Town is not sent'),
      expect.stringContaining('column StatusCallback is ignored'),
      expect.stringContaining("column Channel is no parameter of the row's API"),
    ]);
  });

  it('is refused, not dropped, when its contact is suppressed', () => {
    const context = { suppressedBecause: () => 'opted out by STOP' };
    const { refused, totals } = admit({ ...message, ExternalId: 'e1' }, { context });
    expect(refused).toMatchObject({
      code: 'suppressed-at-admission',
      column: 'To',
      externalId: 'e1',
      uploaded: [...Object.values(message), 'e1'],
    });
    expect(totals).toMatchObject({ rows: 1, admitted: 0, refused: 1, reasons: { 'suppressed-at-admission': 1 } });
  });

  it('never repeats a number or a text in the reason of its refusal', () => {
    const { refused } = admit({ ...message, To: '15005550001' });
    expect(refused?.reason).not.toMatch(/\d{5}/);
  });
});

describe('a row of an account that keeps quiet hours', () => {
  const zoneOf = (row: Row, quiet: string) => admit(row, { context: { quietAccounts: new Set([quiet]) } }).request?.timeZone;

  it.each([
    ["has its recipient's zone by the number", { ...message, To: '+13125550100' }, 'America/Chicago'],
    ['has none when the number does not tell', message, null],
    ['has the zone of its own column first', { ...message, To: '+13125550100', Timezone: 'Asia/Tokyo' }, 'Asia/Tokyo'],
    ['has one as a voice call too', { ...message, Api: 'calls', To: '+4930123456', Url: 'https://x.example/t' }, 'Europe/Berlin'],
    ['has none when it calls nobody', { Api: 'lookup', To: '+13125550100', Timezone: 'Asia/Tokyo' }, null],
    ['has none under an account without quiet hours', { ...message, To: '+13125550100', Account: 'other' }, null],
  ])('%s', (_rule, row, zone) => {
    expect(zoneOf(row as Row, 'demo')).toBe(zone);
  });

  it('is refused when its Timezone is none, at that column', () => {
    const context = { quietAccounts: new Set(['demo']) };
    expect(admit({ ...message, Timezone: 'Nowhere' }, { context })).toMatchObject({
      code: 'invalid-time',
      column: 'Timezone',
      refused: { line: 2 },
    });
  });
});

describe('rows of the other APIs', () => {
  const verify: Row = { Api: 'verify', To: '+15005550001', VerifyService: `VA${'b'.repeat(32)}`, Channel: 'sms' };
  const studio: Row = { Api: 'Studio', To: '+15005550001', From: '+15005550006', Flow: `FW${'c'.repeat(32)}`, Parameters: '{"a":1}' };
  const call: Row = { Api: 'calls', To: '+15005550001', From: '+15005550006', Url: 'https://x.example/twiml' };

  it.each([
    ['a voice call', call, undefined],
    ['a voice call to a SIP address', { ...call, To: 'sip:ada@x.example' }, undefined],
    ['a voice call without sender', { ...call, From: '' }, 'missing-sender'],
    ['a voice call with nothing to say', { ...call, Url: '' }, 'missing-content'],
    ['a verification', verify, undefined],
    ['a verification without service', { ...verify, VerifyService: '' }, 'missing-parameter'],
    ['a verification with a malformed service', { ...verify, VerifyService: 'VA1' }, 'invalid-parameter'],
    ['a verification without channel', { ...verify, Channel: '' }, 'missing-parameter'],
    ['a verification by e-mail', { ...verify, Channel: 'email', To: 'ada@x.example' }, undefined],
    ['a verification by e-mail to a number', { ...verify, Channel: 'email' }, 'invalid-to'],
    ['a lookup', { Api: 'lookup', PhoneNumber: '+15005550001' }, undefined],
    ['a lookup of a national number', { Api: 'lookup', To: '030 1234567', CountryCode: 'DE' }, undefined],
    ['a lookup of an unknown package', { Api: 'lookup', To: '+15005550001', Fields: 'shoe_size' }, 'invalid-parameter'],
    ['a lookup of nothing', { Api: 'lookup', To: '' }, 'missing-to'],
    ['a flow', studio, undefined],
    ['a flow without flow', { ...studio, Flow: '' }, 'missing-parameter'],
    ['a flow without sender', { ...studio, From: '' }, 'missing-sender'],
    ['a flow with parameters that are no object', { ...studio, Parameters: '[1]' }, 'invalid-parameter'],
  ])('%s', (_rule, row, code) => {
    expect(admit(row as Row).code).toBe(code);
  });

  it('carry the service or flow as a parameter, cost one, and share a lane by sender or by API', () => {
    const parameter = (row: Row, name: string) => admit(row).request?.personal.params.find((param) => param.name === name)?.value;
    expect(parameter(verify, 'ServiceSid')).toBe(verify['VerifyService']);
    expect(parameter(studio, 'FlowSid')).toBe(studio['Flow']);
    expect(admit(verify).request).toMatchObject({ cost: 1, lane: 'verify', sender: '' });
    expect(admit(call).request?.lane).toMatch(/^calls:[0-9a-f]{12}$/);
  });
});
