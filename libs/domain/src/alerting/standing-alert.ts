import type { Micros } from '@paceline/contracts';
import type { AlertRule } from './alert-rules.ts';

/** The last message about an alert. */
export interface Told {
  readonly status: 'raised' | 'cleared';
  readonly at: Micros;
  /** From when on the value was above the threshold, as it was told. */
  readonly since: Micros;
}

/** How an alert stands. `edge` = since when the value is on the other side of the bound that would change it. */
export type AlertStanding =
  | { readonly status: 'calm'; readonly edge: Micros | null; readonly told: Told | null }
  | {
      readonly status: 'raised';
      readonly since: Micros;
      readonly raisedAt: Micros;
      readonly edge: Micros | null;
      readonly told: Told | null;
    };

/** A value of now; null = not known, which proves nothing in either direction. */
export interface Reading {
  readonly value: number | null;
  readonly now: Micros;
}

export type Notice = 'raised' | 'reminder' | 'cleared';

export const calm: AlertStanding = { status: 'calm', edge: null, told: null };

/**
 * Where one value leads an alert. Promise: raised and cleared alternate, and neither comes before its bound was passed for
 * its time without a break.
 */
export function stepped(rule: AlertRule, standing: AlertStanding, reading: Reading): AlertStanding {
  return standing.status === 'calm' ? whenCalm(rule, standing, reading) : whenRaised(rule, standing, reading);
}

function whenCalm(rule: AlertRule, standing: AlertStanding, { value, now }: Reading): AlertStanding {
  if (value === null || value <= rule.raiseAbove) return withEdge(standing, null);
  const since = standing.edge ?? now;
  if (isYounger(since, rule.raiseAfterMs, now)) return withEdge(standing, since);
  return { status: 'raised', since, raisedAt: now, edge: null, told: standing.told };
}

function whenRaised(rule: AlertRule, standing: AlertStanding, { value, now }: Reading): AlertStanding {
  if (value === null || value > rule.clearAtMost) return withEdge(standing, null);
  const since = standing.edge ?? now;
  if (isYounger(since, rule.clearAfterMs, now)) return withEdge(standing, since);
  return { status: 'calm', edge: null, told: standing.told };
}

/**
 * The message that is due now. What was told last is brought in line with how it stands, at most once in `quietMs`: what was
 * raised and cleared in between is never told. While it lasts it is told again every `remindMs`.
 */
export function noticeDue(rule: AlertRule, { status, told }: AlertStanding, now: Micros): Notice | null {
  if (told === null) return status === 'raised' ? 'raised' : null;
  if (isYounger(told.at, rule.quietMs, now)) return null;
  if (told.status === 'cleared') return status === 'raised' ? 'raised' : null;
  if (status === 'calm') return 'cleared';
  return isYounger(told.at, rule.remindMs, now) ? null : 'reminder';
}

export const toldNow = (standing: AlertStanding, at: Micros): AlertStanding & { readonly told: Told } =>
  standing.status === 'raised'
    ? { ...standing, told: { status: 'raised', at, since: standing.since } }
    : { ...standing, told: { status: 'cleared', at, since: standing.told?.since ?? at } };

/** Nothing of it matters any more: it is as if it had never been raised. */
export const isForgotten = (rule: AlertRule, { status, edge, told }: AlertStanding, now: Micros): boolean =>
  status === 'calm' && edge === null && (told === null || (told.status === 'cleared' && !isYounger(told.at, rule.quietMs, now)));

const isYounger = (since: Micros, ms: number, now: Micros): boolean => now - since < ms * 1_000;

const withEdge = <S extends AlertStanding>(standing: S, edge: Micros | null): S =>
  standing.edge === edge ? standing : { ...standing, edge };
