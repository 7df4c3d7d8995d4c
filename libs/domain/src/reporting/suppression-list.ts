import type { Micros, SuppressionSet } from '@paceline/contracts';
import { heldSince, isOptOut, lifts, seriesOf, standing, strikesOf, suffices } from '../sending/suppression-standing.ts';

/** holds: no call is made. strikes: not enough of them yet. */
export type SuppressionState = 'holds' | 'strikes' | 'lifted' | 'expired';

/** One suppression as people see it: the strikes of one kind are one. */
export interface SuppressionLine {
  readonly contact: string;
  readonly channel: string;
  readonly scope: string;
  /** `strike:30003` for strikes. */
  readonly origin: string;
  readonly state: SuppressionState;
  readonly reason: string;
  readonly by: string;
  readonly since: Micros;
  readonly expiresAt: Micros | null;
  /** `2 of 3`; '' when it is no strike. */
  readonly strikes: string;
  readonly liftedBy: string;
  readonly liftedFor: string;
  readonly liftedAt: Micros | null;
  /** Deterministic, of the newest fact: 32 hexadecimal digits. */
  readonly eventId: string;
}

/** What was said of one contact, newest first; lifts show at what they lifted. */
export function suppressionLines(records: readonly SuppressionSet[], now: Micros): SuppressionLine[] {
  const held = standing(records, now);
  const groups = new Map<string, SuppressionSet[]>();
  for (const fact of records.filter(({ lifted }) => !lifted)) {
    const key = [fact.channel, fact.scope, seriesOf(fact.origin)].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  return [...groups.values()].map((facts) => lineOf(facts, held, records)).toSorted((one, other) => other.since - one.since);
}

const newestFirst = (one: SuppressionSet, other: SuppressionSet): number => heldSince(other) - heldSince(one);

function lineOf(facts: readonly SuppressionSet[], held: readonly SuppressionSet[], records: readonly SuppressionSet[]): SuppressionLine {
  const standingFacts = facts.filter((fact) => held.includes(fact)).toSorted(newestFirst);
  const newest = (standingFacts.length > 0 ? standingFacts : facts.toSorted(newestFirst))[0] as SuppressionSet;
  const lift = standingFacts.length > 0 ? undefined : liftOf(newest, records);
  return {
    ...{ contact: newest.contact, channel: newest.channel, scope: newest.scope, origin: seriesOf(newest.origin) },
    state: stateOf(standingFacts, lift),
    ...{ reason: newest.reason, by: newest.by, since: heldSince(newest) },
    expiresAt: endOf(newest, standingFacts),
    strikes: strikeText(newest, standingFacts),
    ...{ liftedBy: lift?.by ?? '', liftedFor: lift?.reason ?? '', liftedAt: lift === undefined ? null : heldSince(lift) },
    eventId: newest.meta.eventId,
  };
}

const liftOf = (fact: SuppressionSet, records: readonly SuppressionSet[]): SuppressionSet | undefined =>
  records.filter((record) => record.lifted && lifts(record, fact)).toSorted(newestFirst)[0];

function stateOf(standingFacts: readonly SuppressionSet[], lift: SuppressionSet | undefined): SuppressionState {
  if (standingFacts.some((fact) => suffices(fact, standingFacts))) return 'holds';
  if (standingFacts.length > 0) return 'strikes';
  return lift === undefined ? 'expired' : 'lifted';
}

function strikeText({ origin }: SuppressionSet, { length }: readonly SuppressionSet[]): string {
  const strikes = strikesOf(origin);
  return strikes === null ? '' : `${length} of ${strikes.needed}`;
}

/** Strikes end when one too many of them has ended. */
function endOf({ origin, expiresAt }: SuppressionSet, standingFacts: readonly SuppressionSet[]): Micros | null {
  const strikes = strikesOf(origin);
  if (strikes === null) return expiresAt;
  const ends = standingFacts.flatMap((fact) => fact.expiresAt ?? []).toSorted((one, other) => other - one);
  return ends[Math.min(strikes.needed, ends.length) - 1] ?? expiresAt;
}

/** One line per contact, channel and scope that holds, for a list others can read: the newest reason, the latest end. */
export function suppressionsToExport(lines: readonly SuppressionLine[]): SuppressionLine[] {
  const found = new Map<string, SuppressionLine>();
  for (const line of lines.filter(({ state }) => state === 'holds')) {
    const key = [line.contact, line.channel, line.scope].join(' ');
    const first = found.get(key);
    found.set(key, first === undefined ? line : { ...first, expiresAt: laterEnd(first.expiresAt, line.expiresAt) });
  }
  return [...found.values()];
}

const laterEnd = (one: Micros | null, other: Micros | null): Micros | null =>
  one === null || other === null ? null : Math.max(one, other);

/** Whether Twilio's list of consents has a place for it: a person's own word about text messages, not a fault of the number. */
export const isConsent = ({ channel, scope, origin }: SuppressionLine): boolean =>
  scope !== 'value' && isOptOut(origin) && (channel === 'sms' || channel === 'whatsapp' || channel === '*');
