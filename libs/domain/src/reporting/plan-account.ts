import type { Micros } from '@paceline/contracts';
import type { AccountTerms } from '../pacing/account-terms.ts';
import { nextDailyReset } from '../pacing/time-zone-day.ts';

/** An account as its pacer will have it. */
export interface PlanAccount extends AccountTerms {
  readonly name: string;
}

/** Segments a second of a lane of messages; null when it has no limit of its own. Other APIs have limits by API only. */
export function laneRateOf({ laneRates, unlistedSegmentsPerSecond }: PlanAccount, lane: string): number | null {
  return lane.startsWith('messages:') ? (laneRates.get(lane) ?? unlistedSegmentsPerSecond) : null;
}

const daySeconds = 86_400;

/** Seconds that a daily cap keeps the last of so many calls back: a full day's calls, then nothing until the next reset. */
export function capSeconds(rows: number, { dailyCap, dailyReset, callsPerSecond }: PlanAccount, start: Micros): number {
  if (dailyCap === null || rows <= dailyCap) return 0;
  const daysFull = Math.ceil(rows / dailyCap) - 1;
  const rest = rows - daysFull * dailyCap;
  return (nextDailyReset(start, dailyReset) - start) / 1e6 + (daysFull - 1) * daySeconds + (rest - 1) / callsPerSecond;
}
