const spanMs = 10_000;
const stepMs = 1_000;

/** How many a second, over the last ten seconds. */
export class RateWindow {
  readonly #counts = new Map<number, number>();

  add(count: number, nowMs: number): void {
    const step = Math.floor(nowMs / stepMs);
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + count);
    for (const old of this.#counts.keys()) if (old < step - spanMs / stepMs) this.#counts.delete(old);
  }

  perSecond(nowMs: number): number {
    const last = Math.floor(nowMs / stepMs) - 1;
    let sum = 0;
    for (const [step, count] of this.#counts) if (step <= last && step > last - spanMs / stepMs) sum += count;
    return (sum * 1000) / spanMs;
  }
}
