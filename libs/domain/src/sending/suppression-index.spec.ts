import { channelsOf, SuppressionIndex } from './suppression-index.ts';
import { suppression } from './sending.suite.ts';

const query = { contact: 'c1', channels: ['sms'], sender: 's1' };

function indexOf(...entries: ReturnType<typeof suppression>[]): SuppressionIndex {
  const index = new SuppressionIndex();
  entries.forEach((entry, at) => index.apply(`k${at}`, entry));
  return index;
}

const to = (address: string, channel = '') => ({ to: address, params: channel === '' ? [] : [{ name: 'Channel', value: channel }] });

describe('a suppressed contact is found', () => {
  it('on its channel, from every sender, when the scope is all', () => {
    expect(indexOf(suppression()).find(query, 0)).toMatchObject({ contact: 'c1' });
  });

  it('while one of several entries holds', () => {
    const index = indexOf(suppression({ lifted: true }), suppression({ origin: 'code:21610' }));
    expect(index.find(query, 0)?.origin).toBe('code:21610');
  });
});

// Who is reached by what: every scope against every way to the same contact.
describe('scopes', () => {
  const ways = {
    'a text from s1': { channels: channelsOf('messages', to('+1')), sender: 's1' },
    'a text from s2': { channels: channelsOf('messages', to('+1')), sender: 's2' },
    'WhatsApp from s1': { channels: channelsOf('messages', to('whatsapp:+1')), sender: 's1' },
    'a voice call from s1': { channels: channelsOf('calls', to('+1')), sender: 's1' },
    'a Verify text': { channels: channelsOf('verify', to('+1', 'sms')), sender: '' },
    'a Verify call': { channels: channelsOf('verify', to('+1', 'call')), sender: '' },
    'a Studio flow from s1': { channels: channelsOf('studio', to('+1')), sender: 's1' },
    'a Lookup': { channels: channelsOf('lookup', to('+1')), sender: '' },
  };
  const all = Object.keys(ways);

  it.each([
    ['contact, channel and sender', { channel: 'sms', scope: 's1' }, ['a text from s1', 'a Studio flow from s1']],
    ['contact and channel', { channel: 'sms', scope: '*' }, ['a text from s1', 'a text from s2', 'a Verify text', 'a Studio flow from s1']],
    ['contact and voice', { channel: 'voice', scope: '*' }, ['a voice call from s1', 'a Verify call', 'a Studio flow from s1']],
    ['contact and Verify', { channel: 'verify', scope: '*' }, ['a Verify text', 'a Verify call', 'a Studio flow from s1']],
    ['contact', { channel: '*', scope: '*' }, all],
    ['value', { channel: '*', scope: 'value' }, all],
    ['the value of a WhatsApp address', { channel: 'whatsapp', scope: 'value' }, ['WhatsApp from s1', 'a Studio flow from s1']],
  ])('%s', (_scope, said, reached) => {
    const index = indexOf(suppression(said));
    const found = Object.entries(ways).filter(([, way]) => index.find({ contact: 'c1', ...way }, 0) !== undefined);
    expect(found.map(([way]) => way)).toEqual(reached);
    for (const way of Object.values(ways)) expect(index.find({ contact: 'c2', ...way }, 0)).toBeUndefined();
  });

  it('Verify goes by what its row says; its other channels are its own', () => {
    const by = (channel: string) => channelsOf('verify', to('+1', channel));
    expect(['auto', 'SMS', 'whatsapp', 'email'].map(by)).toEqual([
      ['verify', 'sms'],
      ['verify', 'sms'],
      ['verify', 'whatsapp'],
      ['verify'],
    ]);
  });
});

describe('a contact is free', () => {
  it('once lifted, removed or expired', () => {
    const index = indexOf(suppression({ expiresAt: 100 }));
    expect(index.find(query, 99)).toBeDefined();
    expect(index.find(query, 100)).toBeUndefined();
    index.apply('k0', suppression({ lifted: true }));
    expect(index.find(query, 0)).toBeUndefined();
    index.apply('k0', suppression());
    index.apply('k0', undefined);
    expect(index.find(query, 0)).toBeUndefined();
    expect([...index.contacts()]).toEqual([]);
  });
});

describe('strikes', () => {
  const strike = (row: number, code = 30003, needed = 3) => suppression({ origin: `strike:${code}:${needed}:r${row}` });

  it('suppress once there are as many as they say', () => {
    expect(indexOf(strike(1), strike(2)).find(query, 0)).toBeUndefined();
    expect(indexOf(strike(1), strike(2), strike(3)).find(query, 0)).toBeDefined();
  });

  it('of different codes do not add up, nor do expired ones', () => {
    expect(indexOf(strike(1), strike(2), strike(3, 30005, 2)).find(query, 0)).toBeUndefined();
    expect(indexOf(strike(1), strike(2), { ...strike(3), expiresAt: 5 }).find(query, 5)).toBeUndefined();
  });

  it('of different channels do not add up, even for a call that may use both', () => {
    const index = indexOf(strike(1), strike(2), { ...strike(3), channel: 'whatsapp' });
    expect(index.find({ ...query, channels: ['*'] }, 0)).toBeUndefined();
  });

  it('begin again after a lift', () => {
    const lift = suppression({ origin: 'strike', lifted: true });
    const later = (row: number) => ({ ...strike(row), asOf: 1 });
    expect(indexOf(strike(1), strike(2), strike(3), lift).find(query, 0)).toBeUndefined();
    expect(indexOf(strike(1), strike(2), lift, later(3), later(4)).find(query, 0)).toBeUndefined();
    expect(indexOf(lift, later(3), later(4), later(5)).find(query, 0)).toBeDefined();
  });

  it('leave an outright suppression what it is', () => {
    expect(indexOf(strike(1), suppression({ origin: 'stop' })).find(query, 0)?.origin).toBe('stop');
  });
});
