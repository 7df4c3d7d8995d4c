import { attemptIdOf, type AttemptStarted, type Micros, type OutputRecord, type ResponseRecorded } from '@paceline/contracts';
import { ClaimWindow, claimWindowKey } from './claim-window.ts';
import { thaw, freeze, type Held, type HeldClaim, type HeldObservation, type Headers, type Observation } from './held-attempt.ts';
import { ResponseDecider, type Decision, type OpenCase, type RoutingSettings } from './response.decider.ts';
import { isCounted, RetryBudgets } from './retry-budget.ts';

/** Both clocks and the luck, as the router's task sees them now. */
export interface RoutingNow {
  readonly wallMicros: Micros;
  readonly monotonicMs: number;
  /** Uniform in [0, 1); drawn once per decision. */
  readonly random: () => number;
}

/** One decided attempt, with what its records and its span carry on. */
export interface Routed extends Decision {
  readonly attemptId: string;
  readonly claim: AttemptStarted;
  /** Response class, or why there was none. */
  readonly class: string;
  /** Twilio's code; null when there was none. */
  readonly code: number | null;
  /** Headers of the record that led to the decision. */
  readonly headers: Headers;
}

const longestLeadMs = 60_000;
/**
 * How long a response waits for its claim. The claim stands in the log before the call is made, but may be read later
 * than the response: while its topic is read behind the other, H proves nothing. What waits so long was a duplicate.
 */
export const earlyKeptMs = 3_600_000;
const askedKeptMs = 86_400_000;
const askedPrefix = 'asked:';
const budgetPrefix = 'budget:';

/**
 * The open attempts of one partition. An attempt is decided once: by its response, or by its horizon. A response
 * without an open attempt may be early and waits for it; in the end it was a duplicate and is dropped.
 */
export class OpenAttempts {
  readonly #held = new Map<string, Held>();
  /** Per request: how often a safe read was asked again, and until when that is worth remembering. */
  readonly #asked = new Map<string, { readonly times: number; readonly untilMs: number }>();
  readonly #changes = new Map<string, string | null>();
  readonly #decider: ResponseDecider;
  readonly #budgets: RetryBudgets;

  constructor(
    private readonly settings: RoutingSettings,
    private readonly claims = new ClaimWindow(),
  ) {
    this.#decider = new ResponseDecider(settings);
    this.#budgets = new RetryBudgets(settings.batchBudget ?? null);
  }

  /** Takes over what an older owner left; every horizon starts anew, as the monotonic clock is another one. */
  restore(state: ReadonlyMap<string, string>, now: RoutingNow): void {
    for (const [key, value] of state) {
      if (key.startsWith(askedPrefix)) this.#asked.set(key.slice(askedPrefix.length), this.#remembered(Number(value), now));
      else if (key.startsWith(budgetPrefix)) this.#budgets.restore(key.slice(budgetPrefix.length), value, now.monotonicMs);
      else if (key !== claimWindowKey) this.#held.set(key, this.#withDue(thaw(value), now));
    }
  }

  get size(): number {
    return this.#held.size;
  }

  /** State changes since the last call; to be committed with the records that were decided meanwhile. */
  takeChanges(monotonicMs: number): { key: string; value: string | null }[] {
    for (const attemptId of this.claims.takeOld(monotonicMs)) this.#store(attemptId);
    const changes = [...this.#changes].map(([key, value]) => ({ key, value }));
    this.#changes.clear();
    const window = this.claims.takeChange();
    return [
      ...changes,
      ...this.#budgets.takeChanges().map(({ batchId, value }) => ({ key: budgetPrefix + batchId, value })),
      ...(window === null ? [] : [{ key: claimWindowKey, value: window }]),
    ];
  }

  /** `offset`: of the claim's record. One that an older owner has done with is passed over. */
  claimed(claim: AttemptStarted, headers: Headers, now: RoutingNow & { readonly offset: number }): Routed | null {
    const { offset, monotonicMs: readMs } = now;
    const place = this.claims.placeOf(offset);
    if (place === 'done') return null;
    if (place === 'new' && claim.attempt === 1) this.#budgets.started(claim.request.batchId, readMs);
    const held = this.#held.get(claim.attemptId);
    if (held !== undefined) {
      this.claims.passed(offset);
      return held.kind === 'early' ? this.#decideBy(claim, held, now) : null;
    }
    this.#held.set(claim.attemptId, this.#withDue({ kind: 'claim', claim, headers }, now));
    this.claims.opened(claim.attemptId, { offset, readMs });
    return null;
  }

  /** `duplicate` when another observation of the attempt already waits; null when this one now waits. */
  observed(observation: Observation, headers: Headers, now: RoutingNow): Routed | 'duplicate' | null {
    const attemptId = observation.attemptId;
    const held = this.#held.get(attemptId);
    if (held?.kind === 'claim') return this.#decideBy(held.claim, { kind: 'early', observation, headers }, now);
    if (held !== undefined) return 'duplicate';
    this.#held.set(attemptId, this.#withDue({ kind: 'early', observation, headers }, now));
    this.#store(attemptId);
    return null;
  }

  /** Claims whose horizon has passed on the monotonic clock. */
  dueClaims(monotonicMs: number): string[] {
    return [...this.#held].filter(([, held]) => held.kind === 'claim' && held.dueMs <= monotonicMs).map(([attemptId]) => attemptId);
  }

  /** Lets every claim's horizon begin anew: the log could not be written, so that responses may still be under way. */
  postpone(monotonicMs: number): void {
    for (const [attemptId, held] of this.#held) {
      const dueMs = Math.max(held.dueMs, monotonicMs + this.settings.horizonMs);
      if (held.kind === 'claim') this.#held.set(attemptId, { ...held, dueMs });
    }
  }

  /** Closes a claim whose horizon has passed and whose response cannot be on its way to us any more. */
  silent(attemptId: string, now: RoutingNow): Routed | null {
    const held = this.#held.get(attemptId);
    if (held?.kind !== 'claim') return null;
    const { claim, headers } = held;
    const decision = this.#decider.decideSilence(this.#caseOf(claim), this.#moment(now));
    return this.#decided(claim, decision, { class: 'HORIZON', code: null, headers, now });
  }

  /** Forgets observations that have waited long enough; returns how many. They were duplicates, or their claim was unreadable. */
  dropDue(monotonicMs: number): number {
    for (const [requestId, { untilMs }] of this.#asked) if (untilMs <= monotonicMs) this.#forget(requestId);
    this.#budgets.drop(monotonicMs);
    const due = [...this.#held].filter(([, held]) => held.kind === 'early' && held.dueMs <= monotonicMs);
    for (const [attemptId] of due) this.#release(attemptId);
    return due.length;
  }

  #decideBy(claim: AttemptStarted, { observation, headers }: Omit<HeldObservation, 'dueMs'>, now: RoutingNow): Routed {
    const open = this.#caseOf(claim);
    if (observation.kind === 'response') {
      const decision = this.#decider.decide(open, observation.response, this.#moment(now));
      return this.#decided(claim, decision, { class: observation.response.class, code: observation.response.code, headers, now });
    }
    const decision = this.#decider.decideUndecodable(open, observation.where, this.#moment(now));
    return this.#decided(claim, decision, { class: 'UNDECODABLE', code: null, headers, now });
  }

  #decided(claim: AttemptStarted, decision: Decision, by: Pick<Routed, 'class' | 'code' | 'headers'> & { now: RoutingNow }): Routed {
    this.#release(claim.attemptId);
    this.#remember(claim.request.requestId, decision.asked, by.now);
    if (decision.records.some(isBudgeted)) this.#budgets.spent(claim.request.batchId, by.now.monotonicMs);
    return { ...decision, attemptId: claim.attemptId, claim, class: by.class, code: by.code, headers: by.headers };
  }

  #caseOf(claim: AttemptStarted): OpenCase {
    const { requestId, batchId } = claim.request;
    return { claim, asked: this.#asked.get(requestId)?.times ?? 0, isBudgetSpent: this.#budgets.isSpent(batchId) };
  }

  #moment({ wallMicros, random }: RoutingNow): { now: Micros; random: number } {
    return { now: wallMicros, random: random() };
  }

  #store(attemptId: string): void {
    const held = this.#held.get(attemptId);
    if (held !== undefined) this.#changes.set(attemptId, freeze(held));
  }

  #release(attemptId: string): void {
    if (this.#held.delete(attemptId) && !this.claims.closed(attemptId)) this.#changes.set(attemptId, null);
  }

  /** A claim is read ahead of its deadline: its horizon begins there, whatever the slot's lead. */
  #withDue(held: Omit<HeldClaim, 'dueMs'> | Omit<HeldObservation, 'dueMs'>, now: RoutingNow): Held {
    if (held.kind === 'early') return { ...held, dueMs: now.monotonicMs + Math.max(earlyKeptMs, this.settings.horizonMs) };
    const aheadMs = Math.min(Math.max((held.claim.deadline - now.wallMicros) / 1000, 0), longestLeadMs);
    return { ...held, dueMs: now.monotonicMs + aheadMs + this.settings.horizonMs };
  }

  #remembered(times: number, now: RoutingNow): { times: number; untilMs: number } {
    return { times, untilMs: now.monotonicMs + askedKeptMs };
  }

  #remember(requestId: string, asked: number, now: RoutingNow): void {
    if (asked === 0) return this.#forget(requestId);
    this.#asked.set(requestId, this.#remembered(asked, now));
    this.#changes.set(askedPrefix + requestId, String(asked));
  }

  #forget(requestId: string): void {
    if (this.#asked.delete(requestId)) this.#changes.set(askedPrefix + requestId, null);
  }
}

const isBudgeted = ({ event }: OutputRecord): boolean => event.type === 'RetryScheduled' && isCounted(event.data.reason);

/** An observation of an attempt, as the log gave it. */
export const responseOf = (response: ResponseRecorded): Observation => ({ kind: 'response', attemptId: response.attemptId, response });

/** A response that cannot be decoded; its headers tell whose it was. */
export function undecodableOf(headers: Headers, where: string): Observation | null {
  const { requestId, batchId, attempt } = headers as { requestId?: string; batchId?: string; attempt?: string };
  if (requestId === undefined || batchId === undefined || attempt === undefined) return null;
  return { kind: 'undecodable', attemptId: attemptIdOf(requestId, Number(attempt)), where };
}
