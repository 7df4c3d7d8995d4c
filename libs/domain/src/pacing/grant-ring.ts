/** The span in which a limit counts, microseconds. */
export const secondMicros = 1_000_000;

/**
 * What one limit granted in the last second, in slot order. The guard behind I4: it looks at the slots alone, so it holds
 * whatever the spacing rule did before (rate changes, rows of several segments).
 */
export class GrantRing {
  #at: number[] = [];
  #cost: number[] = [];
  #head = 0;
  #total = 0;

  /** First instant from `from` on at which the second before it, both ends counted, holds less than `capacity`. */
  earliest(from: number, capacity: number): number {
    let at = from;
    let held = this.#total;
    for (let i = this.#head; i < this.#at.length; i += 1) {
      const leaves = (this.#at[i] ?? 0) + secondMicros + 1;
      if (leaves > at && held < capacity) break;
      at = Math.max(at, leaves);
      held -= this.#cost[i] ?? 0;
    }
    return at;
  }

  /** Slots come in rising order inside an era. */
  add(at: number, cost: number): void {
    while (this.#head < this.#at.length && (this.#at[this.#head] ?? 0) < at - secondMicros) {
      this.#total -= this.#cost[this.#head] ?? 0;
      this.#head += 1;
    }
    this.#at.push(at);
    this.#cost.push(cost);
    this.#total += cost;
    if (this.#head > 4096 && this.#head * 2 > this.#at.length) this.#compact();
  }

  clear(): void {
    this.#at = [];
    this.#cost = [];
    this.#head = 0;
    this.#total = 0;
  }

  #compact(): void {
    this.#at = this.#at.slice(this.#head);
    this.#cost = this.#cost.slice(this.#head);
    this.#head = 0;
  }
}
