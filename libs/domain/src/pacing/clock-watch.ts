export interface Instant {
  /** UTC microseconds. */
  readonly wall: number;
  /** Milliseconds, never stepping back. */
  readonly monotonic: number;
}

const stepMicros = 1_000_000;

/** Tells a stepped wall clock from time that passed: the wall against the monotonic clock, since the last look. */
export class ClockWatch {
  #last: Instant | null = null;

  /** Signed microseconds of the step when it was more than a second, else 0. */
  observe(now: Instant): number {
    const last = this.#last;
    this.#last = now;
    if (last === null) return 0;
    const step = now.wall - last.wall - (now.monotonic - last.monotonic) * 1000;
    return Math.abs(step) > stepMicros ? Math.round(step) : 0;
  }
}
