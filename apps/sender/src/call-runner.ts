import type { EventOf } from '@paceline/contracts';
import {
  callNames,
  classify,
  lastCheck,
  responseRecorded,
  type CallPlan,
  type CallTwilio,
  type Deadline,
  type GateReason,
  type Observation,
} from '@paceline/domain/sending';
import type { Clock } from '@paceline/pipeline';
import type { AccountPlaces } from './account-places.ts';
import type { Checkpoint } from './checkpoint.ts';
import { FiringLine } from './firing-line.ts';
import { RecentLatencies } from './recent-latencies.ts';
import type { ResponseOutbox } from './response-outbox.ts';
import type { Scheduler, SenderMetrics, SpanSource } from './sender-ports.ts';
import type { SendGates } from './send-gates.ts';

/** A committed claim: it holds until its deadline, whoever owns the partition by then. */
export interface Claim {
  readonly started: EventOf<'AttemptStarted'>['data'];
  readonly plan: CallPlan;
  readonly deadline: Deadline;
  readonly dueMs: number;
  readonly partition: number;
  /** Headers of the claim's record. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface CallRunnerOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly twilio: CallTwilio;
  readonly places: AccountPlaces;
  readonly gates: SendGates;
  readonly outbox: ResponseOutbox;
  readonly spans: SpanSource;
  readonly metrics: SenderMetrics;
  readonly checkpoint: Checkpoint;
  /** This process, as events name it. */
  readonly sender: string;
}

interface WaitingClaim {
  readonly claim: Claim;
  readonly dueMs: number;
  fire(): void;
}

/**
 * From claim to close. Each accepted claim ends in exactly one ResponseRecorded of this process: its call's answer, or
 * NOT_SENT with the reason. The last check, the taking of a place and the call happen in one tick.
 */
export class CallRunner {
  readonly #line: FiringLine<WaitingClaim>;
  readonly #calls = new Map<Promise<void>, Claim>();
  readonly #latencies = new RecentLatencies();

  constructor(private readonly options: CallRunnerOptions) {
    this.#line = new FiringLine(options.clock, options.scheduler);
  }

  /** Takes a claim whose commit is known. The caller has announced it to the places. */
  accept(claim: Claim): void {
    const { account, api } = claim.started.request;
    this.options.twilio.prepare(account, api, this.options.places.claimed(account));
    this.#line.add({ claim, dueMs: claim.dueMs, fire: () => this.#fire(claim) });
  }

  /** Closes a claim that will not be called. */
  decline(claim: Claim, reason: GateReason): void {
    this.options.places.arrive(claim.started.request.account);
    this.#record(claim, { kind: 'gate', reason }, null);
  }

  /** Closes the waiting claims of one partition, or of all, as not sent. */
  standDown(partition?: number): void {
    const declined = this.#line.remove(({ claim }) => partition === undefined || claim.partition === partition);
    for (const { claim } of declined) this.decline(claim, 'shutdown');
  }

  /** Calls under way of an account from one partition. */
  inFlight(partition: number, account: string): number {
    let calls = 0;
    for (const claim of this.#calls.values()) calls += claim.partition === partition && claim.started.request.account === account ? 1 : 0;
    return calls;
  }

  /** p90 of an account's recent answers, milliseconds; null before the first. */
  latencyP90(account: string): number | null {
    return this.#latencies.p90(account);
  }

  /** Resolves when the calls now under way have their answers handed to the outbox. */
  async answered(partition?: number): Promise<void> {
    const mine = [...this.#calls].filter(([, claim]) => partition === undefined || claim.partition === partition);
    await Promise.all(mine.map(([call]) => call));
  }

  #fire(claim: Claim): void {
    const { clock, gates, places, metrics } = this.options;
    const { account } = claim.started.request;
    const wallMicros = clock.wallMicros();
    metrics.fired(account, (wallMicros - claim.started.slotAt) / 1000);
    const closed = lastCheck({ wallMicros, monotonicMs: clock.monotonicMs() }, claim.deadline, gates.atFire(claim.started.request));
    if (closed !== null) return this.decline(claim, closed);
    const place = places.take(account);
    if (place === null) return this.decline(claim, 'no-place-in-flight');
    places.arrive(account);
    this.#start(claim, place);
  }

  #start(claim: Claim, place: { giveBack(): void }): void {
    const call = this.#call(claim).finally(() => {
      this.#calls.delete(call);
      place.giveBack();
      this.#gauge(claim);
    });
    this.#calls.set(call, claim);
    this.#gauge(claim);
  }

  async #call(claim: Claim): Promise<void> {
    const { clock, twilio, spans, checkpoint } = this.options;
    const { account, api } = claim.started.request;
    const span = spans.child(callNames[api], claim.headers, { kind: 'client', attributes: { attempt: claim.started.attempt } });
    const calledAt = clock.wallMicros();
    checkpoint('call:before');
    const answer = twilio.call(account, claim.plan, () => this.#isInTime(claim));
    checkpoint('call:started');
    // A port that breaks its promise may have written: in doubt, never another attempt.
    const startedMs = clock.monotonicMs();
    const observation = await answer.catch((): Observation => ({ kind: 'lost', how: 'reset', bytesWritten: 1 }));
    checkpoint('call:answered');
    if (observation.kind === 'answer') this.#latencies.add(account, clock.monotonicMs() - startedMs);
    if (observation.kind !== 'answer') span.fail(observation.kind);
    span.end();
    this.#record({ ...claim, headers: { ...claim.headers, ...span.headers } }, observation, calledAt);
  }

  #isInTime({ deadline }: Claim): boolean {
    const { clock } = this.options;
    return clock.wallMicros() <= deadline.wallMicros && clock.monotonicMs() <= deadline.monotonicMs;
  }

  #record(claim: Claim, observation: Observation, calledAt: number | null): void {
    const { clock, outbox, metrics, sender } = this.options;
    const nowMicros = clock.wallMicros();
    const { requestId, account, api } = claim.started.request;
    const called = observation.kind === 'gate' ? null : calledAt;
    const answer = classify(api, observation, nowMicros);
    const event = responseRecorded(claim.started, answer, {
      nowMicros,
      sender,
      calledAt: called,
      answeredAt: observation.kind === 'answer' ? nowMicros : null,
    });
    metrics.answered(account, answer, called === null ? null : (nowMicros - called) / 1000);
    outbox.add({ topic: 'paceline.responses', key: requestId, event, headers: claim.headers });
  }

  #gauge(claim: Claim): void {
    const { account } = claim.started.request;
    this.options.metrics.inFlight(account, this.options.places.inFlight(account));
  }
}
