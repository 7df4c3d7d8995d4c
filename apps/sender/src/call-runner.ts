import type { GateReason, Instant, Observation } from '@paceline/domain/sending';
import type { AccountPlaces } from './account-places.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Claim } from './claim.ts';
import type { ClaimCloser } from './claim-closer.ts';
import type { Firing, FiringReport, HandedClaim } from './firing.ts';
import type { PendingClaims } from './pending-claims.ts';
import { PendingGates } from './pending-gates.ts';
import { RecentLatencies } from './recent-latencies.ts';
import type { Clock } from '@paceline/pipeline';
import type { Scheduler, SenderLogger, SenderMetrics } from './sender-ports.ts';
import type { SendGates } from './send-gates.ts';

export interface CallRunnerOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly firing: Firing;
  readonly pending: PendingClaims;
  readonly places: AccountPlaces;
  readonly gates: SendGates;
  readonly closer: ClaimCloser;
  readonly metrics: SenderMetrics;
  readonly logger: SenderLogger;
  readonly checkpoint: Checkpoint;
  /** Told once when nothing can be fired any more, after every claim got its end. */
  readonly onDeath: (error: Error) => void;
}

/** A claim that was handed over and whose cell is not ours again. */
interface Handed {
  readonly claim: Claim;
  firedAt: Instant | null;
  /** Its end is recorded. */
  isClosed: boolean;
  readonly closed: PromiseWithResolvers<void>;
}

const standStillMs = 1_000;

/**
 * From claim to close. Each accepted claim ends in exactly one ResponseRecorded of this process: its call's answer, or
 * NOT_SENT with the reason. Who fires decides at the instant; until then a claim can be revoked here, and whoever of
 * the two takes it from its cell is the one whose word counts.
 */
export class CallRunner {
  readonly #handed = new Map<number, Handed>();
  readonly #latencies = new RecentLatencies();
  readonly #gates: PendingGates;
  #isDead = false;

  constructor(private readonly options: CallRunnerOptions) {
    const watch = { judge: () => this.#judge(), expire: () => this.#expire(), isAnyPending: () => this.#handed.size > 0 };
    this.#gates = new PendingGates({ ...options, ...watch });
    options.firing.listen({
      reported: (reports) => reports.forEach((report) => this.#reported(report)),
      died: (error) => this.#died(error),
    });
  }

  /** Takes claims whose commit is known. The caller has announced them to the places. */
  accept(claims: readonly Claim[]): void {
    const open = claims.filter((claim) => this.#isAccepted(claim));
    if (open.length === 0) return;
    for (const claim of open) {
      this.#handed.set(claim.cell, { claim, firedAt: null, isClosed: false, closed: Promise.withResolvers() });
    }
    this.#gates.watch();
    this.options.firing.hand(open.map(handedClaim));
    this.options.checkpoint('call:handed');
  }

  /** Closes a claim that was not handed over and will not be called. */
  decline(claim: Claim, reason: GateReason): void {
    this.forget(claim);
    this.options.closer.notSent(claim, reason);
  }

  /** A claim whose commit failed, or has an unknown end: nobody calls it, and nothing is said of it. */
  forget({ cell, started }: Claim): void {
    this.options.pending.giveBack(cell);
    this.options.places.arrive(started.request.account);
  }

  /** Closes the waiting claims of one partition, or of all, as not sent. */
  standDown(partition?: number): void {
    for (const handed of this.#of(partition)) this.#revoke(handed, 'shutdown');
  }

  /** Calls under way of an account from one partition. */
  inFlight(partition: number, account: string): number {
    return this.#of(partition).filter(({ claim, firedAt }) => firedAt !== null && claim.started.request.account === account).length;
  }

  /** p90 of an account's recent answers, milliseconds; null before the first. */
  latencyP90(account: string): number | null {
    return this.#latencies.p90(account);
  }

  /** Mean of an account's recent answers, milliseconds; null before the first. */
  latencyMean(account: string): number | null {
    return this.#latencies.mean(account);
  }

  /** Resolves when all that is handed over now has its end given to the outbox; after `standDown` these are calls. */
  async answered(partition?: number): Promise<void> {
    this.options.checkpoint('stop:before-answers');
    await Promise.all(this.#of(partition).map(({ closed }) => closed.promise));
  }

  #isAccepted(claim: Claim): boolean {
    const reason = this.#isDead ? 'shutdown' : this.#gates.isClosed(claim.started.request) ? 'gate-closed' : null;
    if (reason !== null) this.decline(claim, reason);
    return reason === null;
  }

  #of(partition?: number): readonly Handed[] {
    return [...this.#handed.values()].filter(
      ({ claim, isClosed }) => !isClosed && (partition === undefined || claim.partition === partition),
    );
  }

  /** A control or a suppression changed. */
  #judge(): void {
    for (const handed of this.#of()) {
      if (handed.firedAt === null && this.#gates.isClosed(handed.claim.started.request)) this.#revoke(handed, 'gate-closed');
    }
  }

  /** Who fires declines what is late; when it stands still, its rows need not wait for it. */
  #expire(): void {
    const longPast = this.options.clock.monotonicMs() - standStillMs;
    for (const handed of this.#handed.values()) {
      if (!handed.isClosed && handed.firedAt === null && handed.claim.deadline.monotonicMs < longPast)
        this.#revoke(handed, 'deadline-passed');
    }
  }

  #revoke(handed: Handed, reason: GateReason): void {
    if (this.options.pending.revoke(handed.claim.cell)) this.#notSent(handed, reason);
  }

  #notSent(handed: Handed, reason: GateReason): void {
    this.options.places.arrive(handed.claim.started.request.account);
    this.options.closer.notSent(handed.claim, reason);
    this.#closed(handed);
  }

  #closed(handed: Handed): void {
    handed.isClosed = true;
    handed.closed.resolve();
  }

  #reported(report: FiringReport): void {
    const handed = this.#handed.get(report.cell);
    if (handed === undefined) return;
    if (report.kind === 'fired') return this.#fired(handed, report);
    this.#handed.delete(report.cell);
    this.options.pending.giveBack(report.cell);
    if (report.kind === 'declined') {
      this.options.metrics.fired(handed.claim.started.request.account, report.lateMs);
      this.#notSent(handed, report.reason);
    } else if (report.kind === 'ended') this.#ended(handed, report);
  }

  #fired(handed: Handed, { at, lateMs }: FiringReport & { kind: 'fired' }): void {
    const { account } = handed.claim.started.request;
    handed.firedAt = at;
    this.options.metrics.fired(account, lateMs);
    this.options.places.begin(account, at.monotonicMs);
    this.#gauge(account);
  }

  #ended(handed: Handed, { at, observation }: { readonly at: Instant; readonly observation: Observation }): void {
    const { firedAt, claim } = handed;
    const { account } = claim.started.request;
    const from = firedAt ?? at;
    this.options.checkpoint('close:reported');
    this.options.places.end(account, { startedMs: from.monotonicMs, endedMs: at.monotonicMs });
    this.#gauge(account);
    // A throttled answer comes back at once: counted, it would promise room exactly when there is none.
    if (observation.kind === 'answer' && observation.status !== 429)
      this.#latencies.add(account, at.monotonicMs - from.monotonicMs, at.monotonicMs);
    this.options.closer.called(claim, observation, { calledAt: from.wallMicros, endedAt: at.wallMicros });
    this.#closed(handed);
  }

  #gauge(account: string): void {
    this.options.metrics.inFlight(account, this.options.places.inFlight(account));
  }

  /**
   * Of what was handed over: a claim that nobody took from its cell was certainly not called; one that was taken may have
   * been, and is in doubt. Nothing is accepted any more.
   */
  #died(error: Error): void {
    this.#isDead = true;
    const left = this.#of();
    const now = { wallMicros: this.options.clock.wallMicros(), monotonicMs: this.options.clock.monotonicMs() };
    for (const handed of left) {
      if (this.options.pending.lastSeen(handed.claim.cell) === 'never-fired') this.#notSent(handed, 'shutdown');
      else this.#inDoubt(handed, now);
    }
    this.#handed.clear();
    this.options.logger.error({ err: error, count: left.length }, 'the firing thread is gone: its claims are closed');
    this.options.onDeath(error);
  }

  #inDoubt(handed: Handed, at: Instant): void {
    if (handed.firedAt === null) this.#fired(handed, { kind: 'fired', cell: handed.claim.cell, at, lateMs: 0 });
    this.#ended(handed, { at, observation: { kind: 'lost', how: 'reset', bytesWritten: 1 } });
  }
}

const handedClaim = ({ cell, plan, dueMs, deadline, started }: Claim): HandedClaim => ({
  cell,
  account: started.request.account,
  plan,
  dueMs,
  deadline,
});
