/** The mean follows so many answers, or those of `spanMs` when they are more: one of few swings with every slow answer. */
const answers = 256;
const spanMs = 3_000;
const mostAnswers = 4_096;
/** Their pace is judged by so many gaps: one gap says nothing, and would weigh its answer by luck. */
const gapOver = 64;

/** Mean time of the last answers; by Little's law it is what tells how many calls a rate keeps in flight. */
export class MeanLatency {
  #count = 0;
  #mean = 0;
  #lastMs = 0;
  #gapMs = spanMs;

  /** Milliseconds; null before the first answer. */
  get ms(): number | null {
    return this.#count === 0 ? null : this.#mean;
  }

  add(ms: number, nowMs: number): void {
    this.#count += 1;
    if (this.#count > 1) this.#gapMs += (nowMs - this.#lastMs - this.#gapMs) / Math.min(this.#count - 1, gapOver);
    this.#lastMs = nowMs;
    this.#mean += (ms - this.#mean) * this.#weight;
  }

  /** Of the newest answer: all alike at first, then so that the older ones fade out. */
  get #weight(): number {
    const steady = Math.min(1 / answers, Math.max(this.#gapMs / spanMs, 1 / mostAnswers));
    return Math.max(1 / this.#count, steady);
  }
}
