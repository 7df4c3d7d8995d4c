export interface FlightNow {
  /** Calls in flight at once. */
  readonly cap: number;
  /** Under way, as the senders gauge it. */
  readonly inFlight: number;
  /** As the senders see it, microseconds; null = nothing was answered lately. */
  readonly latency: number | null;
  /** Slots are stamped so far ahead, microseconds. */
  readonly lead: number;
}

/** Taken while no answer was seen: many calls are shorter, and the first gauges correct it. */
const latencyUnknown = 100_000;

/**
 * Slots that are out and not yet due, and the spacing that the cap on calls in flight asks for. No limit of Twilio's, so no
 * ring: more than the cap may not be under way at once, and the senders hold that hard.
 */
export class InFlightCap {
  #slots: number[] = [];
  #passed = 0;
  #lastAt = 0;

  /** More slots that may be out now. */
  room({ cap, inFlight, latency, lead }: FlightNow, now: number): number {
    const most = cap * (1 + lead / Math.max(1, latency ?? latencyUnknown));
    return Math.max(0, Math.ceil(most - inFlight - this.outstanding(now)));
  }

  /** Slots stamped whose instant has not come. */
  outstanding(now: number): number {
    while (this.#passed < this.#slots.length && (this.#slots[this.#passed] ?? 0) <= now) this.#passed += 1;
    if (this.#passed > 1024 && this.#passed * 2 > this.#slots.length) {
      this.#slots = this.#slots.slice(this.#passed);
      this.#passed = 0;
    }
    return this.#slots.length - this.#passed;
  }

  /** First instant at which the cap's own rate allows the next slot. */
  earliest(from: number, { cap, latency }: FlightNow): number {
    if (latency === null || this.#lastAt === 0) return from;
    return Math.max(from, this.#lastAt + Math.ceil(latency / cap));
  }

  take(slotAt: number): void {
    this.#slots.push(slotAt);
    this.#lastAt = slotAt;
  }

  /** A new clock era: what is out is out, but when is not known any more. */
  renew(): void {
    this.#slots = [];
    this.#passed = 0;
    this.#lastAt = 0;
  }
}
