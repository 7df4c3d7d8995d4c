import { channelOf, SuppressionIndex } from './suppression-index.ts';
import { suppression } from './sending.suite.ts';

const query = { contact: 'c1', channel: 'sms', sender: 's1' };

function indexOf(...entries: ReturnType<typeof suppression>[]): SuppressionIndex {
  const index = new SuppressionIndex();
  entries.forEach((entry, at) => index.apply(`k${at}`, entry));
  return index;
}

describe('a suppressed contact is found', () => {
  it('on its channel, from every sender, when the scope is all', () => {
    expect(indexOf(suppression()).find(query, 0)).toMatchObject({ contact: 'c1' });
  });

  it.each(['*', 'value', 's1'])('with scope %s', (scope) => {
    expect(indexOf(suppression({ scope })).find(query, 0)).toBeDefined();
  });

  it('on any channel when the suppression is of all channels, or the call may use any', () => {
    expect(indexOf(suppression({ channel: '*' })).find({ ...query, channel: 'voice' }, 0)).toBeDefined();
    expect(indexOf(suppression()).find({ ...query, channel: channelOf('studio') }, 0)).toBeDefined();
  });

  it('while one of several entries holds', () => {
    const index = indexOf(suppression({ lifted: true }), suppression({ origin: 'code:21610' }));
    expect(index.find(query, 0)?.origin).toBe('code:21610');
  });
});

describe('a contact is free', () => {
  it('of another contact, channel or sender', () => {
    const index = indexOf(suppression({ scope: 's2' }), suppression({ channel: 'voice' }), suppression({ contact: 'c2' }));
    expect(index.find(query, 0)).toBeUndefined();
  });

  it('once lifted, removed or expired', () => {
    const index = indexOf(suppression({ expiresAt: 100 }));
    expect(index.find(query, 99)).toBeDefined();
    expect(index.find(query, 100)).toBeUndefined();
    index.apply('k0', suppression({ lifted: true }));
    expect(index.find(query, 0)).toBeUndefined();
    index.apply('k0', suppression());
    index.apply('k0', undefined);
    expect(index.find(query, 0)).toBeUndefined();
  });
});

describe('strikes', () => {
  const strike = (row: number, code = 30003, needed = 3) => suppression({ origin: `strike:${code}:${needed}:r${row}` });

  it('suppress once there are as many as they say', () => {
    expect(indexOf(strike(1), strike(2)).find(query, 0)).toBeUndefined();
    expect(indexOf(strike(1), strike(2), strike(3)).find(query, 0)).toBeDefined();
  });

  it('of different codes do not add up, nor do expired or lifted ones', () => {
    expect(indexOf(strike(1), strike(2), strike(3, 30005, 2)).find(query, 0)).toBeUndefined();
    expect(indexOf(strike(1), strike(2), { ...strike(3), expiresAt: 5 }).find(query, 5)).toBeUndefined();
    expect(indexOf(strike(1), strike(2), { ...strike(3), lifted: true }).find(query, 0)).toBeUndefined();
  });

  it('leave an outright suppression what it is', () => {
    expect(indexOf(strike(1), suppression({ origin: 'stop' })).find(query, 0)?.origin).toBe('stop');
  });
});

describe('channels', () => {
  it('follow the API, and the address where it names a channel', () => {
    expect([channelOf('messages', '+1'), channelOf('messages', 'whatsapp:+1'), channelOf('calls'), channelOf('verify')]).toEqual([
      'sms',
      'whatsapp',
      'voice',
      'verify',
    ]);
  });
});
