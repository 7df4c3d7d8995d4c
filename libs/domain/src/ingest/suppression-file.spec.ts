import { ContactHash } from './admission.ts';
import { RepeatedEntries, suppressionFileKind, wishOf, type SuppressionFileKind } from './suppression-file.ts';
import { suppressionTarget } from './suppression-target.ts';

const hashes = new ContactHash('key');
const now = 1_800_000_000_000_000;
const context = { hashes, by: 'ann', file: 'file:1', now };
const number = '+15005550009';
const contact = hashes.ofContact(number);
const service = `MG${'0'.repeat(32)}`;

const read = (kind: SuppressionFileKind, values: Record<string, string>) => wishOf(kind, { place: 'line 2', values }, context);

describe('a target', () => {
  const target = (to: string, channel = '', sender = '') => suppressionTarget({ contact: to, channel, sender }, hashes);

  it.each([
    [target(number), { contact, channel: '*', scope: '*' }],
    [target(contact, 'all'), { contact, channel: '*', scope: '*' }],
    [target(` ${number} `, 'SMS'), { contact, channel: 'sms', scope: '*' }],
    [target(number, 'sms', service), { contact, channel: 'sms', scope: hashes.ofSender(service) }],
    [target(number, 'sms', '*'), { contact, channel: 'sms', scope: '*' }],
    [target(number, 'voice', contact), { contact, channel: 'voice', scope: contact }],
    [target(number, '', 'value'), { contact, channel: '*', scope: 'value' }],
    [target(`whatsapp:${number}`), { contact, channel: 'whatsapp', scope: '*' }],
    [target(number, 'whatsapp', '+15005550006'), { contact, channel: 'whatsapp', scope: hashes.ofSender('whatsapp:+15005550006') }],
    [target('a@example.org', 'verify'), { contact: hashes.ofContact('a@example.org'), channel: 'verify', scope: '*' }],
  ])('is read as people write it (%#)', (read_, expected) => {
    expect(read_).toEqual(expected);
  });

  it.each([
    [target(''), /contact is missing/],
    [target('15005550009'), /plus sign is missing/],
    [target('1.5005E+10'), /floating-point/],
    [target(number, 'fax'), /channel: give one of sms/],
    [target(number, '', '+15005550006'), /stands for one channel/],
    [target(number, 'sms', '15005550006'), /sender: give it as rows name it/],
  ])('that is none is told without quoting it (%#)', (fault, expected) => {
    expect(fault).toMatch(expected);
    expect(fault).not.toMatch(/500555/);
  });
});

describe('a list', () => {
  it('says what its columns say; numbers in a reason are hidden', () => {
    expect(
      read('list', { contact: number, channel: 'sms', sender: '', reason: `call ${number}`, expiresAt: '2030-01-01T00:00:00Z' }),
    ).toEqual({
      ...{ contact, channel: 'sms', scope: '*', origin: 'import', lifted: false },
      ...{ reason: 'call +1********09', by: 'ann', expiresAt: 1_893_456_000_000_000, asOf: null, file: 'file:1' },
    });
  });

  it('a time without its offset is a problem of its line', () => {
    expect(read('list', { contact: number, expiresAt: '2030-01-01' })).toEqual({
      place: 'line 2',
      reason: expect.stringMatching(/^expiresAt/),
    });
  });

  it('two lines that say two things of one target are a problem, the same twice is none', () => {
    const repeated = new RepeatedEntries();
    const say = (place: string, reason: string) => {
      const wish = read('list', { contact: number, reason });
      return 'place' in wish ? wish : repeated.check(place, wish);
    };
    expect([say('line 2', 'a'), say('line 3', 'a')]).toEqual([null, null]);
    expect(say('line 4', 'b')).toEqual({ place: 'line 4', reason: expect.stringMatching(/of line 2/) });
  });
});

describe('consents', () => {
  const consent = {
    contact_id: number,
    correlation_id: '1',
    sender_id: service,
    status: 'opt-out',
    source: 'website',
    date_of_consent: '',
  };
  const scope = hashes.ofSender(service);

  it('an opt-out suppresses text messages from its sender', () => {
    expect(read('consents', consent)).toMatchObject({
      contact,
      channel: 'sms',
      scope,
      origin: 'consent',
      lifted: false,
      reason: 'opt-out by website',
      asOf: null,
    });
  });

  it('an opt-in lifts up to its date', () => {
    const said = read('consents', { ...consent, status: 'Opt-In', date_of_consent: '2026-01-01T00:00:00+01:00' });
    expect(said).toMatchObject({ contact, channel: 'sms', scope, origin: 'opt-in', lifted: true, asOf: 1_767_222_000_000_000 });
  });

  it.each([
    [{ status: 'opt-in' }, /date_of_consent is missing/],
    [{ status: 'maybe' }, /opt-in or opt-out/],
    [{ sender_id: '' }, /sender_id is missing/],
    [{ date_of_consent: '2226-01-01T00:00:00Z' }, /future/],
    [{ contact_id: '' }, /contact is missing/],
  ])('with a problem: %o', (changes, reason) => {
    expect(read('consents', { ...consent, ...changes })).toEqual({ place: 'line 2', reason: expect.stringMatching(reason) });
  });
});

describe('the header', () => {
  it.each([
    [['contact'], 'list'],
    [['contact', 'channel', 'sender', 'reason', 'expiresAt'], 'list'],
    [['contact_id', 'sender_id', 'status'], 'consents'],
  ])('%j is a file of %s', (columns, kind) => {
    expect(suppressionFileKind(columns)).toBe(kind);
  });

  it.each([
    [['phone'], /no column contact/],
    [['contact', 'expires'], /unknown column expires/],
    [['contact', 'reason', 'reason'], /twice/],
    [[number], /no column contact/],
    [['contact', number], /unknown column \+1\*/],
  ])('%j is refused', (columns, reason) => {
    expect(suppressionFileKind(columns)).toEqual({ reason: expect.stringMatching(reason) });
  });
});
