import { GrantRing, secondMicros } from './grant-ring.ts';

/** What of a limit outlives its owner: the ring is not needed, because a takeover keeps a second's distance. */
export interface LimitMark {
  /** Last slot of the limit, UTC microseconds; 0 = none in this era. */
  readonly lastAt: number;
  /** How far the last slot stands after its theoretical instant: [0, 1) microseconds, lost otherwise to rounding. */
  readonly ahead: number;
  /** Cost of the last slot. */
  readonly cost: number;
}

export const untouched: LimitMark = { lastAt: 0, ahead: 0, cost: 0 };

/** What may be taken from and says when: a rate, a day's number of calls. Open once it is open, until it is taken from. */
export interface Allowance {
  /** First whole microsecond from `from` on at which it would grant; Infinity = not by itself. */
  earliest(from: number): number;
  take(slotAt: number, cost: number): void;
}

/** One part of a grant's price. A grant takes all its charges or none. */
export interface Charge {
  readonly limit: Allowance;
  readonly cost: number;
}

/**
 * One limit by GCRA on absolute instants, with the ring guard. Promise: granted cost in any sliding second (both ends
 * counted) <= ceil(rate) + largest cost - 1, for the rate in force at the second's last slot; missed time is lost, never
 * made up. Property: limit.spec.ts.
 */
export class Limit implements Allowance {
  readonly #ring = new GrantRing();
  #rate: number;
  #mark: LimitMark = untouched;
  #notBefore = 0;

  constructor(ratePerSecond: number) {
    this.#rate = checkedRate(ratePerSecond);
  }

  /** Continues a limit after a takeover: its first slot keeps a whole second from the last one. */
  static resumed(ratePerSecond: number, mark: LimitMark): Limit {
    const limit = new Limit(ratePerSecond);
    limit.#mark = mark;
    if (mark.lastAt > 0) limit.#notBefore = mark.lastAt + secondMicros + 1;
    return limit;
  }

  get ratePerSecond(): number {
    return this.#rate;
  }

  get mark(): LimitMark {
    return this.#mark;
  }

  /** Theoretical arrival time of the next grant, rounded up to a microsecond. */
  get tat(): number {
    return this.#mark.lastAt + Math.ceil(this.#spacing());
  }

  /** From this instant on the limit is as if it had never granted. */
  get freeAt(): number {
    return this.#mark.lastAt === 0 ? this.#notBefore : Math.max(this.tat, this.#mark.lastAt + secondMicros + 1);
  }

  /** Takes effect from the next grant on, the distance to the last one included. */
  setRate(ratePerSecond: number): void {
    this.#rate = checkedRate(ratePerSecond);
  }

  /** First whole microsecond from `from` on at which the limit would grant. */
  earliest(from: number): number {
    return this.#ring.earliest(Math.max(Math.ceil(from), this.tat, this.#notBefore), Math.ceil(this.#rate));
  }

  take(slotAt: number, cost: number): void {
    // Rounding carries over only while the spacing rule itself set the instant: else the rounding is time that was missed.
    const ahead = slotAt === this.tat ? slotAt - this.#mark.lastAt - this.#spacing() : 0;
    this.#mark = { lastAt: slotAt, ahead, cost };
    this.#ring.add(slotAt, cost);
  }

  /** A new clock era: instants of the old one mean nothing any more. */
  renew(notBefore: number): void {
    this.#mark = untouched;
    this.#notBefore = notBefore;
    this.#ring.clear();
  }

  /** From the last slot, so that numbers stay small: at 1.8e15 a double has quarters of a microsecond only. */
  #spacing(): number {
    return (this.#mark.cost * secondMicros) / this.#rate - this.#mark.ahead;
  }
}

/** The first instant at which all charges can be paid; each guard stays open once it is open, so the latest one decides. */
export function earliestOf(charges: readonly Charge[], from: number): number {
  let at = Math.ceil(from);
  for (const { limit } of charges) at = Math.max(at, limit.earliest(from));
  return at;
}

export function payAll(charges: readonly Charge[], slotAt: number): void {
  for (const { limit, cost } of charges) limit.take(slotAt, cost);
}

function checkedRate(ratePerSecond: number): number {
  if (!(ratePerSecond > 0) || ratePerSecond > 100_000)
    throw new RangeError(`a rate must be in (0, 100000] per second, not ${ratePerSecond}`);
  return ratePerSecond;
}
