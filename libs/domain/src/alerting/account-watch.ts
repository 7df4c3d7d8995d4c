import type { EventTypes, Micros, ResponseClass } from '@paceline/contracts';
import { fewestAnswers, retentionBearsMs } from './alert-rules.ts';
import { grown, growthMinutes, type Growth } from './growth.ts';
import { counted, notBefore, sumOf, type SlotCounts } from './slot-counts.ts';

/** What is remembered of one account: bounded, whatever its traffic; JSON as it stands. */
export interface AccountWatch {
  /** Answers by five seconds, and how many of them were 429. */
  readonly answers: SlotCounts;
  readonly throttled: SlotCounts;
  /** Calls whose answer was lost: by minute while young, then by hour. */
  readonly doubts: SlotCounts;
  readonly growth: Growth | null;
  readonly gauge: { readonly at: Micros; readonly waiting: number; readonly oldestSince: Micros | null } | null;
}

export const unwatched: AccountWatch = { answers: [], throttled: [], doubts: [], growth: null, gauge: null };

const second = 1_000_000;
const minute = 60 * second;
const hour = 60 * minute;
const answersMicros = minute;
const oldMicros = 15 * minute;
const doubtsMicros = 24 * hour;
/** A gauge says nothing of a later time. */
const gaugeMicros = minute;

/** Classes that are an answer of Twilio. */
const answered: ReadonlySet<ResponseClass> = new Set<ResponseClass>([
  'ACCEPTED',
  'ACCEPTED_NO_SID',
  'NOT_PROCESSED',
  'REJECTED',
  'ACCOUNT_STOP',
]);

/** A safe read is asked again: its lost answer leaves nothing open. */
const isRead = (lane: string): boolean => lane === 'lookup' || lane.startsWith('lookup:');

export function codesHeard(watch: AccountWatch, { meta, counts }: EventTypes['CodesCounted']): AccountWatch {
  const at = meta.occurredAt;
  const count = (fits: (entry: (typeof counts)[number]) => boolean): number =>
    counts.reduce((sum, entry) => sum + (fits(entry) ? entry.attempts : 0), 0);
  const added = (slots: SlotCounts, attempts: number, slotMicros: number): SlotCounts =>
    attempts === 0 ? slots : counted(slots, at, { count: attempts, slotMicros });
  return {
    ...watch,
    answers: added(
      watch.answers,
      count((entry) => answered.has(entry.class)),
      5 * second,
    ),
    throttled: added(
      watch.throttled,
      count((entry) => entry.class === 'NOT_PROCESSED'),
      5 * second,
    ),
    doubts: added(
      watch.doubts,
      count((entry) => entry.class === 'IN_DOUBT' && !isRead(entry.lane)),
      minute,
    ),
  };
}

/** Gauges of two owners may cross: the newest counts. */
export function gaugeHeard(watch: AccountWatch, { meta, waiting, oldestSince }: EventTypes['PacerGauged']): AccountWatch {
  const at = meta.occurredAt;
  if (watch.gauge !== null && at < watch.gauge.at) return watch;
  return { ...watch, gauge: { at, waiting, oldestSince }, growth: grown(watch.growth, waiting, at) };
}

/** Lets go of what is too old to matter. */
export function pruned(watch: AccountWatch, now: Micros): AccountWatch {
  const answers = notBefore(watch.answers, now - answersMicros);
  const throttled = notBefore(watch.throttled, now - answersMicros);
  const doubts = coarser(notBefore(watch.doubts, now - doubtsMicros), now - oldMicros - hour);
  const same = answers === watch.answers && throttled === watch.throttled && doubts === watch.doubts;
  return same ? watch : { ...watch, answers, throttled, doubts };
}

/** By hour what is older than that instant. */
function coarser(doubts: SlotCounts, instant: Micros): SlotCounts {
  if (!doubts.some(([from]) => from < instant && from % hour !== 0)) return doubts;
  const old = doubts.filter(([from]) => from < instant);
  const young = doubts.filter(([from]) => from >= instant);
  const byHour = old.reduce<SlotCounts>((slots, [from, count]) => counted(slots, from, { count, slotMicros: hour }), []);
  return [...byHour, ...young];
}

/** Share of the answers of the last minute that were 429; 0 while there are too few of them to say. */
export function throttledShare({ answers, throttled }: AccountWatch, now: Micros): number {
  const all = sumOf(notBefore(answers, now - answersMicros));
  return all < fewestAnswers ? 0 : sumOf(notBefore(throttled, now - answersMicros)) / all;
}

/** Calls in doubt for more than 15 minutes, of the last day. */
export const oldDoubts = ({ doubts }: AccountWatch, now: Micros): number =>
  sumOf(notBefore(doubts, now - doubtsMicros).filter(([from]) => from + minute <= now - oldMicros));

/** Null while no pacer says how many rows wait. */
export const minutesOfGrowth = ({ gauge, growth }: AccountWatch, now: Micros): number | null =>
  isSilent(gauge, now) ? null : growthMinutes(growth, now);

/** How long the oldest row waits, milliseconds; null while no pacer says. */
export function oldestMs({ gauge }: AccountWatch, now: Micros): number | null {
  if (gauge === null || isSilent(gauge, now)) return null;
  return gauge.oldestSince === null ? 0 : Math.max(0, (now - gauge.oldestSince) / 1_000);
}

export const retentionShare = (watch: AccountWatch, now: Micros): number | null => {
  const ms = oldestMs(watch, now);
  return ms === null ? null : ms / retentionBearsMs;
};

/** A pacer gauges while rows wait, and once more when none does any more: then its silence is no news. */
const isSilent = (gauge: AccountWatch['gauge'], now: Micros): boolean =>
  gauge === null || (gauge.waiting > 0 && now - gauge.at > gaugeMicros);
