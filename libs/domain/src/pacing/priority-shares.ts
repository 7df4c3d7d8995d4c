const rounding = 1e-9;

/**
 * Strict priorities with a guaranteed share for what is below: while lower rows wait, a priority yields to them once in
 * every 1 / minShare turns. 0 = never.
 */
export class PriorityShares {
  readonly #credit = new Map<number, number>();
  readonly #earned: number;

  constructor(minShare: number) {
    this.#earned = minShare / (1 - minShare);
  }

  /** Whose turn it is among those that wait, highest first; undefined when nobody waits. */
  turn(waiting: readonly number[]): number | undefined {
    return waiting.find((priority) => !this.#yields(priority)) ?? waiting.at(-1);
  }

  /** A row of this priority went while these waited, highest first, its own included. */
  went(priority: number, waiting: readonly number[]): void {
    const lowest = waiting.at(-1);
    for (const above of waiting) {
      if (above > priority && this.#yields(above)) this.#credit.set(above, (this.#credit.get(above) ?? 0) - 1);
    }
    if (lowest === undefined || lowest >= priority) return;
    // What could not be used is not saved up: a turn missed is no burst later.
    this.#credit.set(priority, Math.min(1 + this.#earned, (this.#credit.get(priority) ?? 0) + this.#earned));
  }

  #yields(priority: number): boolean {
    return (this.#credit.get(priority) ?? 0) >= 1 - rounding;
  }
}
