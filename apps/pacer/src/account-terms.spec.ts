import { contactOf } from '@paceline/contracts';
import type { AccountSettings } from '@paceline/runtime';
import { accountTermsOf } from './account-terms.ts';

const settings: AccountSettings = {
  ...{ name: 'demo', sid: 'AC', authToken: [], mode: 'simulator', baseUrl: '', callsPerSecond: 10, maxInFlight: 40 },
  senders: [{ id: '+15005550006', type: 'long-code', segmentsPerSecond: 1, pool: [] }],
  apiLimits: { calls: 1, studio: 20 },
  dailyReset: { at: '00:00', zone: 'UTC' },
  adaptive: { enabled: true, floorPerSecond: 1 },
};

describe('the terms of an account', () => {
  it('know a listed sender by the lane that its messages wait in, never by its number', () => {
    const { laneRates } = accountTermsOf(settings, 'key');
    expect([...laneRates]).toEqual([[`messages:${contactOf('key', '+15005550006').slice(0, 12)}`, 1]]);
  });

  it('leave out what the settings leave out', () => {
    expect(accountTermsOf(settings, 'key')).toMatchObject({ dailyCap: null, quietHours: null, unlistedSegmentsPerSecond: null });
  });
});
