/**
 * The clock of a service. Wall time only stamps and compares with stamps; waiting is monotonic.
 * Microseconds come from the process's time origin, so that stamps inside one millisecond keep their order;
 * a step of the machine's wall clock is followed, because Date.now() gives the milliseconds.
 */
export class SystemClock {
  #originMicros = performance.timeOrigin * 1000;

  /** UTC microseconds. */
  wallMicros(): number {
    const precise = Math.floor(this.#originMicros + performance.now() * 1000);
    const wall = Date.now() * 1000;
    if (Math.abs(precise - wall) <= 2_000) return precise;
    this.#originMicros = wall - performance.now() * 1000;
    return wall;
  }

  /** Milliseconds from an arbitrary origin, never stepping back. */
  monotonicMs(): number {
    return performance.now();
  }
}
