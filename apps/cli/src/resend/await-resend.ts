import { setTimeout as wait } from 'node:timers/promises';
import type { Event, TopicName } from '@paceline/contracts';

export interface FollowedLog {
  follow(
    topics: readonly TopicName[],
    each: (record: { readonly event: Event }) => void,
  ): Promise<{ caughtUp(): Promise<void>; stop(): Promise<void> }>;
}

/** What the ingestor made of a resend. */
export type ResendAnswer =
  | { readonly kind: 'planned'; readonly rows: number }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string }
  /** Not within the time: the command is in the log and will be executed. */
  | { readonly kind: 'silent' };

/** The planned rows of all records so far; the first record comes together with the others, in one transaction. */
class Answer {
  #rows = 0;
  #refusal: { readonly code: string; readonly reason: string } | null = null;

  constructor(private readonly batchId: string) {}

  apply({ type, data }: Event): void {
    if (type === 'ResendPlanned' && data.batchId === this.batchId) {
      this.#rows += data.ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    }
    if (type === 'BatchRefused' && data.batchId === this.batchId) this.#refusal = data;
  }

  get given(): ResendAnswer | null {
    if (this.#rows > 0) return { kind: 'planned', rows: this.#rows };
    return this.#refusal === null ? null : { kind: 'refused', code: this.#refusal.code, reason: this.#refusal.reason };
  }
}

/** Follows the batches until the ingestor has answered; at most so long. */
export async function awaitResend(log: FollowedLog, batchId: string, patienceMs: number): Promise<ResendAnswer> {
  const answer = new Answer(batchId);
  const follower = await log.follow(['paceline.batches'], ({ event }) => answer.apply(event));
  try {
    const until = performance.now() + patienceMs;
    while (answer.given === null && performance.now() < until) await wait(100);
    await follower.caughtUp();
    return answer.given ?? { kind: 'silent' };
  } finally {
    await follower.stop();
  }
}
