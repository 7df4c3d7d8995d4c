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

/**
 * All that happens at a claim's instant: the last check, the place in flight, the taking of the claim and its one call,
 * in one tick. Nothing else may run where this runs: whatever does makes slots late.
 */
export class ClaimFirer {
  readonly #line: FiringLine;
  readonly #inFlight = new Map<string, number>();
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
    const { clock, claims, report } = this.options;
    const { cell, account } = claim;
    const now = { wallMicros: clock.wallMicros(), monotonicMs: clock.monotonicMs() };
    const lateMs = now.monotonicMs - claim.dueMs;
    add(this.#waiting, account, -1);
    const reason = this.#inTheWay(claim, now);
    if (reason !== null) report(claims.decline(cell) ? { kind: 'declined', cell, reason, lateMs } : { kind: 'dropped', cell });
    else if (claims.fire(cell)) void this.#call(claim, now, lateMs);
    else report({ kind: 'dropped', cell });
  }

  /** Controls and suppressions close a claim by revoking it; here only what a look at the clock and the places tells. */
  #inTheWay({ account, deadline }: HandedClaim, now: Instant): GateReason | null {
    const { claims } = this.options;
    const gates = { tablesFresh: claims.areTablesFresh(now.monotonicMs), controlled: false, suppressed: false };
    const closed = lastCheck(now, deadline, gates);
    if (closed !== null) return closed;
    return (this.#inFlight.get(account) ?? 0) < claims.limitOf(account) ? null : 'no-place-in-flight';
  }

  async #call(claim: HandedClaim, firedAt: Instant, lateMs: number): Promise<void> {
    const { twilio, checkpoint, report, clock } = this.options;
    const { cell, account, plan } = claim;
    add(this.#inFlight, account, 1);
    checkpoint('call:before');
    const answer = twilio.call(account, plan, () => this.#isInTime(claim));
    checkpoint('call:started');
    report({ kind: 'fired', cell, at: firedAt, lateMs });
    // A port that breaks its promise may have written: in doubt, never another attempt.
    const observation = await answer.catch((): Observation => ({ kind: 'lost', how: 'reset', bytesWritten: 1 }));
    checkpoint('call:answered');
    add(this.#inFlight, account, -1);
    report({ kind: 'ended', cell, at: { wallMicros: clock.wallMicros(), monotonicMs: clock.monotonicMs() }, observation });
  }

  #isInTime({ deadline }: HandedClaim): boolean {
    const { clock } = this.options;
    return clock.wallMicros() <= deadline.wallMicros && clock.monotonicMs() <= deadline.monotonicMs;
  }
}

const add = (counts: Map<string, number>, name: string, more: number): void => void counts.set(name, (counts.get(name) ?? 0) + more);
