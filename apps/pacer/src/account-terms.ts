import { contactOf } from '@paceline/contracts';
import type { AccountTerms } from '@paceline/domain/pacing';
import type { AccountSettings } from '@paceline/runtime';

/** How an account is paced, as its settings say; a sender is known by the lane that its messages wait in. */
export function accountTermsOf(settings: AccountSettings, contactKey: string): AccountTerms {
  const { callsPerSecond, maxInFlight, senders, apiLimits, dailyReset } = settings;
  return {
    ...{ callsPerSecond, maxInFlight, apiLimits, dailyReset },
    laneRates: new Map(senders.map(({ id, segmentsPerSecond }) => [laneOf(id, contactKey), segmentsPerSecond])),
    unlistedSegmentsPerSecond: settings.unlistedSegmentsPerSecond ?? null,
    dailyCap: settings.dailyCap ?? null,
    quietHours: settings.quietHours ?? null,
  };
}

const laneOf = (sender: string, contactKey: string): string => `messages:${contactOf(contactKey, sender).slice(0, 12)}`;
