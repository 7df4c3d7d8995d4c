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
