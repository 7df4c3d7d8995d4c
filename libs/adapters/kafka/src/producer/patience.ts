import { setTimeout as delay } from 'node:timers/promises';

/** How long requests are repeated, and what ends them before. */
export interface Patience {
  /** Ends a wait at once; what was under way is then unknown. */
  readonly closed: AbortSignal;
  /** Milliseconds from the first try to the last; Infinity = until closed. */
  readonly forMs: number;
}

const firstPauseMs = 10;
const longestPauseMs = 200;

/** Another broker has to be asked: this one's answer, should it still come, no longer counts. */
export class Moved extends Error {
  override readonly name = 'Moved';
}

export class ProducerClosed extends Error {
  override readonly name = 'ProducerClosed';
  constructor() {
    super('the producer was closed');
  }
}

/**
 * Tries until `attempt` returns null. A returned error means: try again, after a pause that doubles up to 200 ms; the
 * last one is thrown when patience ends. A thrown error ends it at once.
 */
export async function tryUntilDone(attempt: () => Promise<Error | null>, { closed, forMs }: Patience): Promise<void> {
  const endsAtMs = performance.now() + forMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    if (closed.aborted) throw new ProducerClosed();
    const failure = await attempt();
    if (failure === null) return;
    if (performance.now() + pauseMs > endsAtMs) throw failure;
    await delay(pauseMs, undefined, { signal: closed }).catch(() => undefined);
  }
}

/** A broker that has not answered for so long may be frozen or cut off: the others are asked whether it still counts. */
const lookAfterMs = 1_000;

/**
 * The answer to a request, awaited only as long as the broker still has the part that the request needs. `hasMoved` asks
 * the cluster; the request itself goes on, and its answer is ignored.
 */
export async function answerWhile<T>(request: Promise<T>, hasMoved: () => Promise<boolean>, closed: AbortSignal): Promise<T> {
  for (;;) {
    const answer = await orTimeOut(request, lookAfterMs);
    if (answer !== timedOut) return answer;
    if (closed.aborted) throw new ProducerClosed();
    const looked = hasMoved().catch(() => false);
    const moved = await Promise.race([request.then(() => false), looked]);
    if (moved) throw new Moved('the broker that was asked has given its part to another');
  }
}

export const timedOut = Symbol('timed out');

/** The answer, or `timedOut` when it is not there by then. */
export async function orTimeOut<T>(request: Promise<T>, afterMs: number): Promise<T | typeof timedOut> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof timedOut>((resolve) => (timer = setTimeout(() => resolve(timedOut), afterMs)));
  try {
    return await Promise.race([request, late]);
  } finally {
    clearTimeout(timer);
  }
}
