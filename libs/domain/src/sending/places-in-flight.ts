import { MeanLatency } from './mean-latency.ts';

/**
 * Places for calls under way of one account in one process: a hard semaphore. Counts and times only; who takes a place
 * gives it back once.
 */
export class PlacesInFlight {
  #inFlight = 0;
  #claimed = 0;
  #startSumMs = 0;
  #lastDueMs = Number.NEGATIVE_INFINITY;
  readonly #latency = new MeanLatency();

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Claims that wait for their instant. */
  get claimed(): number {
    return this.#claimed;
  }

  /** A claim that will ask for a place at `dueMs`, on the clock of all times here. */
  expect(dueMs: number): void {
    this.#claimed += 1;
    this.#lastDueMs = Math.max(this.#lastDueMs, dueMs);
  }

  /** The claim's instant has come, whatever becomes of it. */
  arrive(): void {
    this.#claimed -= 1;
  }

  take(limit: number, nowMs: number): boolean {
    if (this.#inFlight >= limit) return false;
    this.#inFlight += 1;
    this.#startSumMs += nowMs;
    return true;
  }

  giveBack(startedMs: number, nowMs: number): void {
    this.#inFlight -= 1;
    this.#startSumMs -= startedMs;
    this.#latency.add(nowMs - startedMs, nowMs);
  }

  /**
   * Whether one more claim can expect a place at `dueMs`: places free themselves once per latency, so until the last claim's
   * instant limit x (1 + lead / latency) calls under way and claimed are borne, give or take what their spread makes of it.
   * The last one's, not this one's: partitions are claimed in turn, and what another has claimed beyond this instant does
   * not stand in its way. Answers that do not come count by their age: of calls that come and go it is their latency at
   * most, whatever the spread.
   */
  hasRoom(limit: number, dueMs: number, nowMs: number): boolean {
    const leadMs = Math.max(dueMs, this.#lastDueMs, nowMs) - nowMs;
    const meanAge = this.#inFlight === 0 ? 0 : nowMs - this.#startSumMs / this.#inFlight;
    const latency = Math.max(this.#latency.ms ?? 0, meanAge / 2, 1);
    return this.#inFlight + this.#claimed < limit * (1 + leadMs / latency) + Math.sqrt((limit * leadMs) / latency);
  }
}

/** This process's share of an account's cap: never less than one, so that no partition's rows starve. */
export const shareOfCap = (cap: number, owned: number, partitions: number): number => Math.max(1, Math.ceil((cap * owned) / partitions));
