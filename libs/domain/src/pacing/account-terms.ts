import { contactOf } from '@paceline/contracts';
import type { QuietSpan } from './quiet-hours.ts';
import type { DailyReset } from './time-zone-day.ts';

/** How an account is paced, as configured. */
export interface AccountTerms {
  readonly callsPerSecond: number;
  readonly maxInFlight: number;
  /** Segments per second by lane, of the senders that are listed. */
  readonly laneRates: ReadonlyMap<string, number>;
  /** Segments per second of a sender that is not listed; null = none of its own. */
  readonly unlistedSegmentsPerSecond: number | null;
  /** Calls per second by API; one that is absent has no limit of its own. */
  readonly apiLimits: Readonly<Partial<Record<string, number>>>;
  /** Most calls a day; null = as many as the rates allow. */
  readonly dailyCap: number | null;
  readonly dailyReset: DailyReset;
  /** Null = nobody's day counts. */
  readonly quietHours: AccountQuietHours | null;
}

export interface AccountQuietHours extends QuietSpan {
  readonly apis: readonly string[];
  /** What becomes of a row whose recipient's zone is not known. */
  readonly unknownZone: 'hold' | 'send';
}

export const unlimited: Omit<AccountTerms, 'callsPerSecond'> = {
  maxInFlight: 100_000,
  laneRates: new Map(),
  unlistedSegmentsPerSecond: null,
  apiLimits: {},
  dailyCap: null,
  dailyReset: { at: '00:00', zone: 'UTC' },
  quietHours: null,
};

/** The part of an account's settings that its pace follows from. */
export interface PaceSettings extends Pick<AccountTerms, 'callsPerSecond' | 'maxInFlight' | 'apiLimits' | 'dailyReset'> {
  readonly senders: readonly { readonly id: string; readonly segmentsPerSecond: number }[];
  readonly unlistedSegmentsPerSecond?: number;
  readonly dailyCap?: number;
  readonly quietHours?: AccountQuietHours;
}

/** How an account is paced, as its settings say; a sender is known by the lane that its messages wait in. */
export function accountTermsOf(settings: PaceSettings, contactKey: string): AccountTerms {
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
