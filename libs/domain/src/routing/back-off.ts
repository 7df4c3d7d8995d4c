import type { Backoff, Micros } from '@paceline/contracts';

const firstStepMs = 100;
const longestStepMs = 30_000;

export interface BackoffInput {
  readonly backoff: Backoff;
  /** What the answer asked for (Retry-After) or the error table demands; 0 when neither did. */
  readonly floorMs: number;
  readonly maxTotalWaitMs: number;
  readonly now: Micros;
  /** Uniform in [0, 1). */
  readonly random: number;
}

export interface NextTry {
  readonly backoff: Backoff;
  readonly notBefore: Micros;
}

/** Full jitter over 100 ms x 2^n, at most 30 s; microseconds. */
export const jitteredStep = (n: number, random: number): Micros =>
  Math.round(random * Math.min(longestStepMs, firstStepMs * 2 ** n) * 1000);

/**
 * The next try of a throttled or unreachable request: exponential with full jitter, never before what the answer asked
 * for. Null when its time is up, or would be before it may be tried again: nobody waits longer than maxTotalWait.
 */
export function nextTry({ backoff, floorMs, maxTotalWaitMs, now, random }: BackoffInput): NextTry | null {
  const throttles = backoff.throttles + 1;
  const since = backoff.since ?? now;
  const remaining = since + maxTotalWaitMs * 1000 - now;
  const floor = floorMs * 1000;
  if (remaining <= 0 || floor > remaining) return null;
  const wait = Math.max(floor, Math.min(jitteredStep(throttles, random), remaining));
  return { backoff: { throttles, since }, notBefore: now + wait };
}
