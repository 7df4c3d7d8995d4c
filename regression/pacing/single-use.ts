// Rights are used once: slot numbers, grants, claims, calls and outcomes.
import { reconcile } from './bench-accounts.ts';
import { attemptOf, groupBy, type ArrivalFact, type History, type OutcomeFact, type SlotFact, type SlotUse } from './history.ts';

const numberOf = ({ account, number }: { readonly account: string; readonly number: number }): string => `${account}/${number}`;

const moreThanOnce = <T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly [string, readonly T[]])[] =>
  [...groupBy(items, keyOf)].filter(([, group]) => group.length > 1);

/** A number names one slot of an account, for ever. */
export function numbersTwice({ slots }: Pick<History, 'slots'>): string[] {
  return moreThanOnce(slots, numberOf).map(([number]) => `slot ${number} was granted twice`);
}

/** An attempt may have a second slot only when each earlier one came back. */
export function grantsTwice({ slots, returns }: Pick<History, 'slots' | 'returns'>): string[] {
  const returned = new Set(returns.map(numberOf));
  return moreThanOnce(slots, attemptOf).flatMap(([attempt, group]) => {
    const kept = group.toSorted((a, b) => a.number - b.number).filter((slot) => !returned.has(numberOf(slot)));
    return kept.length > 1 ? [`${attempt} holds ${kept.length} slots: ${kept.map(({ number }) => number).join(', ')}`] : [];
  });
}

/** A slot is claimed or given back, once, by what was granted it. */
export function usesOf({ slots, returns, claims }: Pick<History, 'slots' | 'returns' | 'claims'>): string[] {
  const granted = new Map(slots.map((slot) => [numberOf(slot), attemptOf(slot)]));
  const uses: readonly SlotUse[] = [...claims, ...returns];
  const strange = uses.filter((use) => granted.get(numberOf(use)) !== attemptOf(use));
  return [
    ...moreThanOnce(uses, numberOf).map(([number]) => `slot ${number} was used twice`),
    ...strange.map((use) => `${attemptOf(use)} used slot ${numberOf(use)}, which it never had`),
  ];
}

/** No slot without an admitted request, no call without a claim, no attempt called twice, no request accepted twice. */
export function callsOf({ rows, slots, claims, arrivals }: Pick<History, 'rows' | 'slots' | 'claims' | 'arrivals'>): string[] {
  const claimed = new Set(claims.map(attemptOf));
  const accepted = arrivals.filter((arrival) => arrival.accepted);
  return [
    ...slots.filter((slot: SlotFact) => !rows.has(slot.requestId)).map(({ requestId }) => `${requestId} had a slot and was never admitted`),
    ...arrivals
      .filter((arrival: ArrivalFact) => !claimed.has(attemptOf(arrival)))
      .map((arrival) => `${attemptOf(arrival)} was called without a claim`),
    ...moreThanOnce(arrivals, attemptOf).map(([attempt]) => `${attempt} was called twice`),
    ...moreThanOnce(accepted, ({ requestId }) => requestId).map(([requestId]) => `${requestId} was accepted twice`),
  ];
}

type Trail = Partial<Pick<History, 'slots' | 'claims' | 'responses'>>;

/** What is on record last of each request: where to look for a row that is lost. */
function lastSeen({ slots = [], claims = [], responses = [] }: Trail): (requestId: string) => string {
  const seen = new Map<string, string>();
  for (const { requestId, attempt, number } of slots) seen.set(requestId, `slot ${number} for attempt ${attempt}`);
  for (const { requestId, attempt, sender } of claims) seen.set(requestId, `attempt ${attempt} claimed by ${sender}`);
  for (const { requestId, attempt, class: type } of responses) seen.set(requestId, `${type} for attempt ${attempt}`);
  return (requestId) => seen.get(requestId) ?? 'its admission';
}

/** Every admitted row ends in one outcome, and nothing else does. */
export function outcomesOf({ rows, outcomes, ...trail }: Pick<History, 'rows' | 'outcomes'> & Trail): string[] {
  const closed = groupBy(outcomes, ({ requestId }) => requestId);
  const lost = [...rows].filter((requestId) => !closed.has(requestId));
  const where = lastSeen(trail);
  return [
    ...lost.map((requestId) => `${requestId} has no outcome; last on record: ${where(requestId)}`),
    ...[...closed]
      .filter(([, group]) => group.length > 1)
      .map(([requestId, group]) => `${requestId} has outcomes ${group.map(({ outcome }) => outcome).join(', ')}`),
    ...[...closed.keys()]
      .filter((requestId) => !rows.has(requestId))
      .map((requestId) => `${requestId} has an outcome and was never admitted`),
  ];
}

/** Classes that tell what became of a call; the others are the very doubt. */
const definite = new Set(['ACCEPTED', 'ACCEPTED_NO_SID', 'REJECTED']);

/** No router may call a claim silent before this has passed since the claim's deadline: H without the late tolerance, ms. */
const horizonMs = reconcile.clientTimeoutMs + reconcile.providerTimeoutMs + reconcile.skewMs;
/** Past it the router asks for the end of the responses and reads up to there: what is written meanwhile it may miss, ms. */
const readingMs = 10_000;

/** When each request's first answer was on record, UTC milliseconds. */
function answeredAt(responses: History['responses']): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { requestId, recordedMs } of responses.filter((response) => definite.has(response.class))) {
    first.set(requestId, Math.min(recordedMs, first.get(requestId) ?? recordedMs));
  }
  return first;
}

/** `unknown` is for claims of which no answer was on record in time; `accepted` for what the server accepted. */
export function truthOf({
  outcomes,
  claims,
  responses,
  arrivals,
}: Pick<History, 'outcomes' | 'claims' | 'responses' | 'arrivals'>): string[] {
  const deadlines = new Map<string, number>();
  for (const { requestId, deadline } of claims) deadlines.set(requestId, Math.max(deadline, deadlines.get(requestId) ?? deadline));
  const answered = answeredAt(responses);
  const accepted = new Set(arrivals.filter((arrival) => arrival.accepted).map(({ requestId }) => requestId));
  return outcomes.flatMap(({ requestId, outcome, reason, recordedMs }: OutcomeFact) => {
    if (outcome === 'accepted') return accepted.has(requestId) ? [] : [`${requestId} is accepted, which the server never did`];
    if (outcome !== 'unknown') return accepted.has(requestId) ? [`${requestId} is ${outcome} and the server accepted it`] : [];
    const deadline = deadlines.get(requestId);
    if (deadline === undefined) return [`${requestId} is unknown (${reason}) without a claim`];
    const answer = answered.get(requestId) ?? Infinity;
    if (answer >= Math.max(deadline / 1_000 + horizonMs, recordedMs - readingMs)) return [];
    const when = `on record ${Math.round(answer - deadline / 1_000)} ms after its deadline, ${recordedMs - answer} ms before the outcome`;
    return [`${requestId} is unknown (${reason}) and had an answer, ${when}`];
  });
}
