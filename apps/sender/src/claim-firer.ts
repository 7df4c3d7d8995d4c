import { lastCheck, type CallTwilio, type GateReason, type Instant, type Observation } from '@paceline/domain/sending';
import type { Clock } from '@paceline/pipeline';
import type { Checkpoint } from './checkpoint.ts';
import { FiringLine } from './firing-line.ts';
import type { FiringReport, HandedClaim } from './firing.ts';
import type { ArmedClaims } from './pending-claims.ts';
import type { Scheduler } from './sender-ports.ts';

export interface ClaimFirerOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly twilio: CallTwilio;
  readonly claims: ArmedClaims;
  readonly checkpoint: Checkpoint;
  readonly report: (report: FiringReport) => void;
}

/** Who waits for a place is given up so long before the deadline: a call must still begin within it. */
const giveUpMs = 2;

/**
 * All that happens at a claim's instant: the last check, the place in flight, the taking of the claim and its one call,
 * in one tick. Without a place it waits for one, in order, as long as its deadline bears. Nothing else may run where this
 * runs: whatever does makes slots late.
 */
export class ClaimFirer {
  readonly #line: FiringLine;
  readonly #inFlight = new Map<string, number>();
  /** By account: due, and without a place. */
  readonly #placeless = new Map<string, HandedClaim[]>();
  readonly #waiting = new Map<string, number>();

  constructor(private readonly options: ClaimFirerOptions) {
    this.#line = new FiringLine(options.clock, options.scheduler);
  }

  take(claims: readonly HandedClaim[]): void {
    for (const claim of claims) {
      add(this.#waiting, claim.account, 1);
      this.#line.add({ dueMs: claim.dueMs, fire: () => this.#due(claim) });
    }
    const kinds = new Map(claims.map((claim) => [`${claim.account}/${claim.plan.api}`, claim]));
    for (const { account, plan } of kinds.values()) this.options.twilio.prepare(account, plan.api, this.#waiting.get(account) ?? 0);
  }

  #due(claim: HandedClaim): void {
    const { account } = claim;
    const now = this.#now();
    add(this.#waiting, account, -1);
    this.#fillPlaces(account);
    const reason = this.#inTheWay(claim, now);
    if (reason !== 'no-place-in-flight' || !this.#waits(claim, now)) this.#decide(claim, now, reason);
  }

  /** Whether it is worth waiting for a place; if so, it does. */
  #waits(claim: HandedClaim, { monotonicMs }: Instant): boolean {
    const untilMs = claim.deadline.monotonicMs - giveUpMs;
    if (untilMs <= monotonicMs) return false;
    const line = this.#placeless.get(claim.account) ?? [];
    this.#placeless.set(claim.account, line);
    line.push(claim);
    this.#line.add({ dueMs: untilMs, fire: () => this.#giveUp(claim) });
    return true;
  }

  #giveUp(claim: HandedClaim): void {
    const line = this.#placeless.get(claim.account) ?? [];
    const at = line.indexOf(claim);
    if (at < 0) return;
    line.splice(at, 1);
    const now = this.#now();
    this.#decide(claim, now, this.#hasPlace(claim.account) ? this.#inTheWay(claim, now) : 'no-place-in-flight');
  }

  /** A place may have become free: whoever waits longest takes it. */
  #fillPlaces(account: string): void {
    const line = this.#placeless.get(account) ?? [];
    for (let claim = line[0]; claim !== undefined; claim = line[0]) {
      const now = this.#now();
      const reason = this.#inTheWay(claim, now);
      if (reason === 'no-place-in-flight') return;
      line.shift();
      this.#decide(claim, now, reason);
    }
  }

  #decide(claim: HandedClaim, now: Instant, reason: GateReason | null): void {
    const { claims, report } = this.options;
    if (reason !== null) this.#decline(claim, reason, now);
    else if (claims.fire(claim.cell)) void this.#call(claim, now);
    else report({ kind: 'dropped', cell: claim.cell });
  }

  #decline({ cell, dueMs }: HandedClaim, reason: GateReason, { monotonicMs }: Instant): void {
    const { claims, report } = this.options;
    report(claims.decline(cell) ? { kind: 'declined', cell, reason, lateMs: monotonicMs - dueMs } : { kind: 'dropped', cell });
  }

  #hasPlace(account: string): boolean {
    return (this.#inFlight.get(account) ?? 0) < this.options.claims.limitOf(account);
  }

  #now(): Instant {
    const { clock } = this.options;
    return { wallMicros: clock.wallMicros(), monotonicMs: clock.monotonicMs() };
  }

  /** Controls and suppressions close a claim by revoking it; here only what a look at the clock and the places tells. */
  #inTheWay({ account, deadline }: HandedClaim, now: Instant): GateReason | null {
    const { claims } = this.options;
    const gates = { tablesFresh: claims.areTablesFresh(now.monotonicMs), controlled: false, suppressed: false };
    const closed = lastCheck(now, deadline, gates);
    if (closed !== null) return closed;
    return this.#hasPlace(account) ? null : 'no-place-in-flight';
  }

  async #call(claim: HandedClaim, firedAt: Instant): Promise<void> {
    const { twilio, checkpoint, report } = this.options;
    const { cell, account, plan } = claim;
    add(this.#inFlight, account, 1);
    checkpoint('call:before');
    const answer = twilio.call(account, plan, () => this.#isInTime(claim));
    checkpoint('call:started');
    report({ kind: 'fired', cell, at: firedAt, lateMs: firedAt.monotonicMs - claim.dueMs });
    // A port that breaks its promise may have written: in doubt, never another attempt.
    checkpoint('call:before-answer');
    const observation = await answer.catch((): Observation => ({ kind: 'lost', how: 'reset', bytesWritten: 1 }));
    checkpoint('call:answered');
    add(this.#inFlight, account, -1);
    report({ kind: 'ended', cell, at: this.#now(), observation });
    this.#fillPlaces(account);
  }

  #isInTime({ deadline }: HandedClaim): boolean {
    const { wallMicros, monotonicMs } = this.#now();
    return wallMicros <= deadline.wallMicros && monotonicMs <= deadline.monotonicMs;
  }
}

const add = (counts: Map<string, number>, name: string, more: number): void => void counts.set(name, (counts.get(name) ?? 0) + more);
