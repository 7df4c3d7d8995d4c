import {
  recordOf,
  shippedErrorTable,
  type AttemptStarted,
  type Backoff,
  type ErrorTable,
  type Micros,
  type OutcomeReason,
  type OutputRecord,
  type ResponseRecorded,
  type RetryReason,
} from '@paceline/contracts';
import { jitteredStep, nextTry } from './back-off.ts';
import { closedRecord, retryRecord, type Closing } from './routed-events.ts';
import { suppressionOf } from './suppression.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/** Limits of what the router decides by itself. */
export interface RoutingSettings {
  readonly maxTotalWaitMs: number;
  readonly maxAttempts: number;
  /** How long a row waits when its account answered that it is stopped. */
  readonly accountStopHoldMs: number;
  readonly horizonMs: number;
  /** Automatic retries that a batch may cause, per row of it; no bound when absent. */
  readonly batchBudget?: number;
  /** The error table in force; the shipped one when absent. */
  readonly table?: ErrorTable;
}

/** The instant and the luck of one decision. */
export interface Moment {
  readonly now: Micros;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/** A claim whose response is to be decided. */
export interface OpenCase {
  readonly claim: AttemptStarted;
  /** Doubtful answers of this request so far that were simply asked again (safe reads only). */
  readonly asked: number;
  /** The batch may cause no more automatic retries. */
  readonly isBudgetSpent?: boolean;
}

/** What one response leads to; `action` names it for people and metrics. */
export interface Decision {
  readonly action: string;
  readonly records: readonly OutputRecord[];
  /** New value of OpenCase.asked for the next attempt; 0 when there is none. */
  readonly asked: number;
}

/**
 * Decides an open attempt, by its response or by the lack of one: closed, or attempt n+1. Never another attempt after
 * an acceptance or a doubt (safe reads excepted), never a row that waits beyond its budget or its expiry.
 */
export class ResponseDecider {
  constructor(private readonly settings: RoutingSettings) {}

  decide(open: OpenCase, response: ResponseRecorded, moment: Moment): Decision {
    const verdict = verdictOf(open.claim.request.api, response, this.settings.table ?? shippedErrorTable);
    const routing = new Routing(this.settings, { ...open, ...moment, response });
    switch (verdict.kind) {
      case 'close':
        return routing.close(verdict);
      case 'back-off':
        return routing.backOff(verdict);
      case 'gate':
        return routing.again('gate', moment.now);
      case 'account-stop':
        return routing.again('account-stop', moment.now + Math.max(this.settings.accountStopHoldMs, verdict.floorMs) * 1000);
      case 'doubt':
        return routing.doubt('answer-in-doubt', answerEvidence(response));
    }
  }

  /** A claim whose horizon has passed: its call may have been made. */
  decideSilence(open: OpenCase, moment: Moment): Decision {
    return new Routing(this.settings, { ...open, ...moment }).doubt('claim-without-response', this.#silenceEvidence(open.claim));
  }

  /** A claim whose response cannot be read: what it said is lost, the record itself is in the dead letters. */
  decideUndecodable(open: OpenCase, where: string, moment: Moment): Decision {
    const evidence = JSON.stringify({ attemptId: open.claim.attemptId, reason: 'undecodable', where });
    return new Routing(this.settings, { ...open, ...moment }).doubt('undecodable', evidence);
  }

  #silenceEvidence({ attemptId, meta, deadline, sender, slotAt }: AttemptStarted): string {
    return JSON.stringify({ attemptId, claimedAt: meta.occurredAt, deadline, sender, slotAt, horizonMs: this.settings.horizonMs });
  }
}

function answerEvidence(response: ResponseRecorded): string {
  const { attemptId, reason, httpStatus, code, calledAt, answeredAt, bytesWritten, twilioRequestId } = response;
  return JSON.stringify({ attemptId, reason, httpStatus, code, calledAt, answeredAt, bytesWritten, twilioRequestId });
}

type Input = OpenCase & Moment & { readonly response?: ResponseRecorded };

class Routing {
  constructor(
    private readonly settings: RoutingSettings,
    private readonly input: Input,
  ) {}

  close({ outcome, reason, rule }: Extract<Verdict, { kind: 'close' }>): Decision {
    const { claim, response } = this.input;
    const closed = this.#closed({ outcome, reason });
    const suppression = response === undefined ? null : suppressionOf(rule, claim.request, response);
    return suppression === null ? closed : { ...closed, records: [...closed.records, recordOf(suppression)] };
  }

  backOff({ why, floorMs }: Extract<Verdict, { kind: 'back-off' }>): Decision {
    const { claim, now, random, isBudgetSpent } = this.input;
    if (isBudgetSpent === true) return this.#closed({ outcome: 'rejected', reason: 'retry-budget' });
    const next = nextTry({ backoff: claim.backoff, floorMs, maxTotalWaitMs: this.settings.maxTotalWaitMs, now, random });
    if (next !== null) return this.again(why, next.notBefore, { backoff: next.backoff });
    return why === 'network'
      ? this.#closed({ outcome: 'expired', reason: 'unreachable' })
      : this.#closed({ outcome: 'rejected', reason: 'throttled-out' });
  }

  again(reason: RetryReason, notBefore: Micros, changed: { backoff?: Backoff; asked?: number } = {}): Decision {
    const { claim, response, now, asked } = this.input;
    const { expiresAt } = claim.request;
    if (expiresAt !== null && notBefore > expiresAt) return this.#closed({ outcome: 'expired', reason: 'expired' });
    const backoff = changed.backoff ?? claim.backoff;
    const record = retryRecord(claim, { reason, notBefore, now, response, backoff, ruleVersion: this.#ruleVersion });
    return { action: `retry:${reason}`, records: [record], asked: changed.asked ?? asked };
  }

  /** A call that may have been processed is never made again; reading a number twice harms nobody. */
  doubt(reason: OutcomeReason, evidence: string): Decision {
    const { claim, now, random, isBudgetSpent } = this.input;
    if (claim.request.api !== 'lookup') return this.#closed({ outcome: 'unknown', reason, evidence });
    if (isBudgetSpent === true) return this.#closed({ outcome: 'unknown', reason: 'retry-budget', evidence });
    const asked = this.input.asked + 1;
    if (asked >= this.settings.maxAttempts) return this.#closed({ outcome: 'unknown', reason: 'max-attempts', evidence });
    return this.again('lookup-again', now + jitteredStep(asked, random), { asked });
  }

  #closed(closing: Omit<Closing, 'now' | 'response' | 'ruleVersion'>): Decision {
    const { claim, response, now } = this.input;
    const record = closedRecord(claim, { ...closing, now, response, ruleVersion: this.#ruleVersion });
    return { action: `${closing.outcome}:${closing.reason}`, records: [record], asked: 0 };
  }

  get #ruleVersion(): string {
    return (this.settings.table ?? shippedErrorTable).version;
  }
}
