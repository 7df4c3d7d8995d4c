// What the limits of an account make of a load, in closed form: how long each would take alone. The longest one binds.
import type { Micros } from '@paceline/contracts';
import { quietUntil } from '../pacing/quiet-hours.ts';
import { capSeconds, laneRateOf } from './plan-account.ts';
import type { AccountLoad } from './plan-load.ts';

export type LimitKind = 'account' | 'lane' | 'api' | 'in-flight' | 'daily-cap';

export interface LimitTime {
  readonly kind: LimitKind;
  /** The lane's id or the API; empty for the account's own limits. */
  readonly of: string;
  /** Calls a second, segments a second, calls in flight, calls a day: by kind. */
  readonly value: number;
  /** What this limit alone would take. */
  readonly seconds: number;
}

export interface PlanTerms {
  readonly start: Micros;
  /** How long a call is assumed to be in flight, seconds. */
  readonly answerSeconds: number;
}

/** Every limit that this load meets, the longest first. A rate's first call needs no wait. */
export function limitTimes({ account, rows, apis, lanes }: AccountLoad, { start, answerSeconds }: PlanTerms): LimitTime[] {
  const spaced = (load: number, rate: number): number => Math.max(0, load - 1) / rate;
  const times: LimitTime[] = [
    { kind: 'account', of: '', value: account.callsPerSecond, seconds: spaced(rows, account.callsPerSecond) },
    { kind: 'in-flight', of: '', value: account.maxInFlight, seconds: spaced(rows, account.maxInFlight / answerSeconds) },
  ];
  for (const [api, load] of apis) {
    const value = account.apiLimits[api];
    if (value !== undefined) times.push({ kind: 'api', of: api, value, seconds: spaced(load.rows, value) });
  }
  for (const [lane, load] of lanes) {
    const value = laneRateOf(account, lane);
    if (value !== null) times.push({ kind: 'lane', of: lane, value, seconds: spaced(load.segments, value) });
  }
  if (account.dailyCap !== null)
    times.push({ kind: 'daily-cap', of: '', value: account.dailyCap, seconds: capSeconds(rows, account, start) });
  return times.sort((a, b) => b.seconds - a.seconds);
}

const minuteMicros = 60_000_000;
const mostMinutes = 366 * 24 * 60;

/** The end of so many seconds of calling when none begins in the quiet hours of this zone. */
function endOutsideQuiet(start: Micros, seconds: number, { zone, hours }: { zone: string; hours: { from: string; to: string } }): Micros {
  let at = start;
  let left = seconds * 1e6;
  for (let minutes = 0; minutes < mostMinutes; minutes += 1) {
    at = quietUntil(at, zone, hours) ?? at;
    if (left <= minuteMicros) return at + left;
    at += minuteMicros;
    left -= minuteMicros;
  }
  return at + left;
}

/** An estimate from sums alone: the longest limit, outside the quiet hours of the zone that most rows are in. */
export function closedFormEnd(load: AccountLoad, terms: PlanTerms): Micros {
  const seconds = limitTimes(load, terms)[0]?.seconds ?? 0;
  const from = Math.max(terms.start, load.notBefore ?? 0);
  const [[zone] = ['']] = [...load.zones].sort(([, a], [, b]) => b - a);
  const { quietHours } = load.account;
  const end = Math.max(from, terms.start + seconds * 1e6);
  return quietHours === null || zone === '' ? end : Math.max(from, endOutsideQuiet(terms.start, seconds, { zone, hours: quietHours }));
}
