import { contactOf } from '@paceline/contracts';
import { accountTermsOf, type PaceSettings } from './account-terms.ts';

const settings: PaceSettings = {
  ...{ callsPerSecond: 10, maxInFlight: 40 },
  senders: [{ id: '+15005550006', segmentsPerSecond: 1 }],
  apiLimits: { calls: 1, studio: 20 },
  dailyReset: { at: '00:00', zone: 'UTC' },
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
