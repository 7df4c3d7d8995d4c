import type { Clock } from '@paceline/pipeline';

/** What another thread needs to tell the same time. */
export interface ClockAnchor {
  /** The zero of the monotonic clock on the clock that all threads of the process share, nanoseconds. */
  readonly zeroNanos: bigint;
  /** UTC microseconds at that zero. */
  readonly wallAtZero: number;
}

export function anchorOf(clock: Clock): ClockAnchor {
  const monotonicMs = clock.monotonicMs();
  const zeroNanos = process.hrtime.bigint() - BigInt(Math.round(monotonicMs * 1e6));
  return { zeroNanos, wallAtZero: clock.wallMicros() - monotonicMs * 1000 };
}

/**
 * The main thread's clock in another thread, where performance.now() has an origin of its own. Wall time is kept like
 * the runtime's clock keeps it (whose package has no business in that thread): microseconds that follow every step.
 */
export class ThreadClock implements Clock {
  readonly #offsetMs: number;
  #wallAtZero: number;

  constructor({ zeroNanos, wallAtZero }: ClockAnchor) {
    this.#offsetMs = Number(process.hrtime.bigint() - zeroNanos) / 1e6 - performance.now();
    this.#wallAtZero = wallAtZero;
  }

  wallMicros(): number {
    const monotonicMs = this.monotonicMs();
    const precise = Math.floor(this.#wallAtZero + monotonicMs * 1000);
    const wall = Date.now() * 1000;
    if (Math.abs(precise - wall) <= 2_000) return precise;
    this.#wallAtZero = wall - monotonicMs * 1000;
    return wall;
  }

  monotonicMs(): number {
    return performance.now() + this.#offsetMs;
  }
}
