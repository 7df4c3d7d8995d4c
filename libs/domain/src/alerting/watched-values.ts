import type { Micros } from '@paceline/contracts';
import { minutesOfGrowth, oldDoubts, oldestMs, retentionShare, throttledShare, type AccountWatch } from './account-watch.ts';
import { retentionBearsMs, type AlertName } from './alert-rules.ts';
import { recentLetters, type LetterWatch } from './letter-watch.ts';

/** What one rule measures now, about what, and how a person would say it. */
export interface WatchedValue {
  readonly alert: AlertName;
  readonly scope: string;
  readonly account: string | null;
  /** Null = not known now. */
  readonly value: number | null;
  readonly text: string;
}

/** The breaker of an account: null = closed, `unknown` = the controls are not up to date. */
export type BreakerReading = { readonly reason: string } | null | 'unknown';

export interface WatchedAccount {
  readonly account: string;
  readonly watch: AccountWatch;
  readonly breaker: BreakerReading;
}

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;
const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;
const days = (ms: number): string => `${(ms / 86_400_000).toFixed(1)} d`;

export function accountValues({ account, watch, breaker }: WatchedAccount, now: Micros): readonly WatchedValue[] {
  const about = (alert: AlertName, value: number | null, text: string): WatchedValue => ({
    ...{ alert, scope: `account:${account}`, account, value },
    text: `account ${account}: ${text}`,
  });
  const throttled = throttledShare(watch, now);
  const growth = minutesOfGrowth(watch, now);
  const doubts = oldDoubts(watch, now);
  const waiting = many(watch.gauge?.waiting ?? 0, 'row waits', 'rows wait');
  return [
    about('throttling', throttled, `${percent(throttled)} of the answers of the last minute were 429`),
    about('backlog-growing', growth, `the backlog has only grown for ${Math.floor(growth ?? 0)} min; ${waiting}`),
    about(
      'old-doubts',
      doubts,
      `${many(doubts, 'call of the last day has', 'calls of the last day have')} been in doubt for more than 15 min`,
    ),
    about('breaker-open', breakerValue(breaker), breakerText(breaker)),
    about('retention', retentionShare(watch, now), retentionText(oldestMs(watch, now) ?? 0)),
  ];
}

export function letterValues(watch: LetterWatch, partition: number, now: Micros): readonly WatchedValue[] {
  const value = recentLetters(watch, now);
  const last = value === 0 ? '' : `; last: ${watch.service} gave up on a record of ${watch.sourceTopic}`;
  const text = `${many(value, 'record', 'records')} became dead letters in the last hour (paceline.dead-letters/${partition})${last}`;
  return [{ alert: 'dead-letters', scope: `topic:paceline.dead-letters/${partition}`, account: null, value, text }];
}

function breakerValue(breaker: BreakerReading): number | null {
  if (breaker === 'unknown') return null;
  return breaker === null ? 0 : 1;
}

const breakerText = (breaker: BreakerReading): string =>
  breaker === null || breaker === 'unknown' ? 'its breaker is closed' : `its breaker is open: ${breaker.reason}`;

const retentionText = (ms: number): string =>
  `the oldest row waits for ${days(ms)}, ${percent(ms / retentionBearsMs)} of the ${days(retentionBearsMs)} that retention bears`;
