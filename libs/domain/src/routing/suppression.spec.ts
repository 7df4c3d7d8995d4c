import { event, keyOf, type ErrorRule, type RuleScope, type SuppressionSet } from '@paceline/contracts';
import { channelsOf, SuppressionIndex } from '../sending/suppression-index.ts';
import { aClaim, aRequest, aResponse, now } from './builders.suite.ts';
import { suppressionOf } from './suppression.ts';

const rule = (scope: RuleScope, changes: Partial<ErrorRule> = {}): ErrorRule => ({
  codes: [21610],
  phases: ['sync'],
  class: 'permanent',
  scope,
  action: 'suppress',
  channel: 'sms',
  meaning: 'test',
  ...changes,
});

const number = '+15005550001';
const row = (changes: Parameters<typeof aRequest>[0] = {}) => aRequest({ personal: { to: number, params: [] }, ...changes });
const whatsapp = { personal: { to: `whatsapp:${number}`, params: [] } };

function written(by: ErrorRule, request = row(), attempt = 1): SuppressionSet {
  const claim = aClaim({ request, attempt });
  const found = suppressionOf(by, request, aResponse({ class: 'REJECTED', code: by.codes[0] ?? null }, claim));
  if (found === null) throw new Error('a rule that suppresses');
  return found.data;
}

/** Which of these rows the suppression stops, asked as ingestor and sender ask. */
function stopped(data: SuppressionSet): string[] {
  const index = new SuppressionIndex();
  index.apply(keyOf(event('SuppressionSet', data)), data);
  const rows = {
    same: row(),
    'other sender': row({ sender: 'other' }),
    voice: row({ api: 'calls' }),
    whatsapp: row(whatsapp),
    'other contact': row({ contact: 'other' }),
  };
  const isStopped = ({ contact, api, sender, personal }: ReturnType<typeof row>): boolean =>
    index.find({ contact, channels: channelsOf(api, personal), sender }, now) !== undefined;
  return Object.entries(rows).flatMap(([name, each]) => (isStopped(each) ? [name] : []));
}

describe('what an answer suppresses is what ingestor and sender stop', () => {
  it.each<[string, ErrorRule, string[]]>([
    ['contact, channel and sender', rule('contact-channel-sender'), ['same']],
    ['contact and channel', rule('contact-channel'), ['same', 'other sender']],
    ['contact', rule('contact'), ['same', 'other sender', 'voice', 'whatsapp']],
    ['value', rule('value', { channel: '*' }), ['same', 'other sender', 'voice', 'whatsapp']],
  ])('%s', (_scope, by, rows) => {
    expect(stopped(written(by))).toEqual(rows);
  });

  it('a WhatsApp address that is no good is no fault of its number', () => {
    expect(stopped(written(rule('value', { channel: '*' }), row(whatsapp)))).toEqual(['whatsapp']);
    expect(stopped(written(rule('contact-channel'), row(whatsapp)))).toEqual(['whatsapp']);
  });

  it('without a sender it holds for every sender', () => {
    expect(stopped(written(rule('contact-channel-sender'), row({ sender: '' })))).toEqual(['same', 'other sender']);
  });
});

describe('keys', () => {
  const tableKey = (data: SuppressionSet) => keyOf(event('SuppressionSet', data));
  const strike = rule('contact-channel', { action: 'strike', strikes: 2, codes: [30005] });

  it('each answer has its own, the same answer always the same', () => {
    const [one, other] = [written(rule('contact-channel')), written(rule('contact-channel'), row({ requestId: 'r2' }))];
    expect(tableKey(one)).not.toBe(tableKey(other));
    expect(tableKey(one)).toBe(tableKey(written(rule('contact-channel'))));
  });

  it('each row is one strike, however often it was tried', () => {
    expect(tableKey(written(strike, row(), 1))).toBe(tableKey(written(strike, row(), 2)));
    expect(tableKey(written(strike))).not.toBe(tableKey(written(strike, row({ requestId: 'r2' }))));
  });

  it('a lift never replaces what it lifts', () => {
    const data = written(strike);
    expect(tableKey({ ...data, lifted: true })).not.toBe(tableKey(data));
  });

  it('hold no number', () => {
    const data = written(rule('contact-channel'));
    expect(tableKey(data)).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(data)).not.toContain('5005550001');
  });
});
