import { callNames, classify, responseRecorded, type GateReason, type Observation } from '@paceline/domain/sending';
import { recordOf } from '@paceline/contracts';
import type { Clock } from '@paceline/pipeline';
import type { Claim } from './claim.ts';
import type { ResponseOutbox } from './response-outbox.ts';
import type { SenderMetrics, SpanSource } from './sender-ports.ts';

export interface ClaimCloserOptions {
  readonly clock: Pick<Clock, 'wallMicros'>;
  readonly outbox: ResponseOutbox;
  readonly spans: SpanSource;
  readonly metrics: SenderMetrics;
  /** This process, as events name it. */
  readonly sender: string;
}

/** UTC microseconds. */
interface CallTimes {
  readonly calledAt: number;
  readonly endedAt: number;
}

/** Writes the end of a claim, with its class, into the outbox. */
export class ClaimCloser {
  constructor(private readonly options: ClaimCloserOptions) {}

  notSent(claim: Claim, reason: GateReason): void {
    this.#record(claim, { kind: 'gate', reason }, null);
  }

  called(claim: Claim, observation: Observation, times: CallTimes): void {
    const { request, attempt } = claim.started;
    const options = { kind: 'client', attributes: { attempt }, startMicros: times.calledAt } as const;
    const span = this.options.spans.child(callNames[request.api], claim.headers, options);
    if (observation.kind !== 'answer') span.fail(observation.kind);
    span.end(times.endedAt);
    const traced = { ...claim, headers: { ...claim.headers, ...span.headers } };
    // Stopped right before its first byte: it was not called after all.
    this.#record(traced, observation, observation.kind === 'gate' ? null : times);
  }

  #record(claim: Claim, observation: Observation, times: CallTimes | null): void {
    const { clock, outbox, metrics, sender } = this.options;
    const { account, api } = claim.started.request;
    const nowMicros = clock.wallMicros();
    const answer = classify(api, observation, nowMicros);
    const event = responseRecorded(claim.started, answer, { nowMicros, sender, ...stampsOf(observation, times) });
    metrics.answered(account, answer, times === null ? null : (times.endedAt - times.calledAt) / 1000);
    outbox.add(recordOf(event, claim.headers));
  }
}

const stampsOf = ({ kind }: Observation, times: CallTimes | null): { calledAt: number | null; answeredAt: number | null } =>
  times === null
    ? { calledAt: null, answeredAt: null }
    : { calledAt: times.calledAt, answeredAt: kind === 'answer' ? times.endedAt : null };
