import type { Allowance } from './limit.ts';
import { nextDailyReset, type DailyReset } from './time-zone-day.ts';

/** What of a day's count is committed with its slots. */
export interface DailyMark {
  /** End of the day that is counted, UTC microseconds; 0 = none yet. */
  readonly until: number;
  readonly count: number;
}

export const nothingCounted: DailyMark = { until: 0, count: 0 };
/** No local day is longer than this: an end farther away was set by a clock that has stepped back since. */
const longestDayMicros = 2 * 86_400_000_000;

/** Most calls of a local day, counted by the slots' own instants; what is full opens with the next day. */
export class DailyCap implements Allowance {
  #until: number;
  #count: number;

  constructor(
    readonly cap: number,
    private readonly reset: DailyReset,
    mark: DailyMark = nothingCounted,
  ) {
    this.#until = mark.until;
    this.#count = mark.count;
  }

  get mark(): DailyMark {
    return { until: this.#until, count: this.#count };
  }

  isFull(at: number): boolean {
    return this.earliest(at) > at;
  }

  earliest(from: number): number {
    return this.#isCounted(from) && this.#count >= this.cap ? this.#until : Math.ceil(from);
  }

  take(slotAt: number): void {
    if (!this.#isCounted(slotAt)) {
      this.#until = nextDailyReset(slotAt, this.reset);
      this.#count = 0;
    }
    this.#count += 1;
  }

  #isCounted(at: number): boolean {
    return at < this.#until && at > this.#until - longestDayMicros;
  }
}
