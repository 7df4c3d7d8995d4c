/** Time that stands still until it is moved; both clocks move together unless a test steps one of them. */
export class ManualTime {
  #timers: { at: number; run: () => void }[] = [];
  wall = 1_000_000_000_000;
  monotonic = 1_000;

  readonly clock = { wallMicros: () => this.wall, monotonicMs: () => this.monotonic };
  readonly scheduler = {
    after: (ms: number, run: () => void): (() => void) => {
      const timer = { at: this.monotonic + ms, run };
      this.#timers.push(timer);
      return () => (this.#timers = this.#timers.filter((other) => other !== timer));
    },
  };

  /** Moves on, running what falls due in order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    const until = this.monotonic + ms;
    await settle();
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#moveTo(Math.max(next.at, this.monotonic));
      next.run();
      await settle();
    }
    this.#moveTo(until);
  }

  #moveTo(at: number): void {
    this.wall += (at - this.monotonic) * 1000;
    this.monotonic = at;
  }
}

export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
