// What stands against a contact, from all that was ever said of it. Every record is a fact of its own instant: the
// order in which records are read never changes the answer, so that a lift holds against older facts that come later.
import type { Micros, SuppressionSet } from '@paceline/contracts';

/** Twilio's codes that tell a person's own will; the others tell of the number. */
const optOutCodes: readonly string[] = ['21610', '30630', '63032', '63033'];

/** Since when it holds what it says; an observation or a consent may be older than its record. */
export const heldSince = ({ asOf, meta }: SuppressionSet): Micros => asOf ?? meta.occurredAt;

const strikePattern = /^(strike:[^:]*):(\d+):/;

/** The strikes that are counted together, and how many of them suppress; null for what is no strike. */
export function strikesOf(origin: string): { readonly series: string; readonly needed: number } | null {
  const [, series, needed = '1'] = strikePattern.exec(origin) ?? [];
  return series === undefined ? null : { series, needed: Number(needed) };
}

/** `strike:30003` for each of its strikes; the origin itself for everything else. */
export const seriesOf = (origin: string): string => strikesOf(origin)?.series ?? origin;

/** Whether this origin is the word of a person, which a later opt-in takes back. */
export function isOptOut(origin: string): boolean {
  const [kind, code = ''] = origin.split(':');
  return kind === 'code' ? optOutCodes.includes(code) : kind !== 'strike';
}

/** `*` lifts all, `opt-in` every opt-out, `code` or `strike:30003` what begins so. */
function liftsOrigin(lifted: string, origin: string): boolean {
  if (lifted === '*') return true;
  return lifted === 'opt-in' ? isOptOut(origin) : origin === lifted || origin.startsWith(`${lifted}:`);
}

/** Whether this lift takes back that fact: never one that became so after it. */
export const lifts = (lift: SuppressionSet, fact: SuppressionSet): boolean =>
  heldSince(fact) <= heldSince(lift) &&
  (lift.channel === '*' || lift.channel === fact.channel) &&
  (lift.scope === '*' || lift.scope === fact.scope) &&
  liftsOrigin(lift.origin, fact.origin);

const isOver = ({ expiresAt }: SuppressionSet, nowMicros: Micros): boolean => expiresAt !== null && expiresAt <= nowMicros;

/** Of all records of one contact, the facts that are neither lifted nor over. A single strike stands too. */
export function standing(records: Iterable<SuppressionSet>, nowMicros: Micros): SuppressionSet[] {
  const all = [...records];
  const lifted = all.filter((record) => record.lifted);
  return all.filter((fact) => !fact.lifted && !isOver(fact, nowMicros) && !lifted.some((lift) => lifts(lift, fact)));
}

/** Whether a fact suppresses by itself, or with as many strikes of its kind as it asks for. */
export function suffices(fact: SuppressionSet, standingFacts: readonly SuppressionSet[]): boolean {
  const strikes = strikesOf(fact.origin);
  if (strikes === null) return true;
  const alike = standingFacts.filter(
    ({ channel, scope, origin }) => channel === fact.channel && scope === fact.scope && seriesOf(origin) === strikes.series,
  );
  return alike.length >= strikes.needed;
}
