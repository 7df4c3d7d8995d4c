export interface FlightNow {
  /** Calls in flight at once. */
  readonly cap: number;
  /** Under way, as the senders gauge it. */
  readonly inFlight: number;
  /** Of a call on average, as the senders see it, microseconds; null = nothing was answered lately. */
  readonly latency: number | null;
  /** Slots are stamped so far ahead, microseconds. */
  readonly lead: number;
}

/** Taken while no answer was seen: many calls are shorter, and the first gauges correct it. */
const latencyUnknown = 100_000;

/**
 * Slots are granted this much closer than the mean latency alone would ask for: calls that end early leave places empty
 * which nobody can fill after the grant. What comes too many finds no place at the sender and comes back: a tenth of the
 * slots of a cap of ten, two in a hundred of a cap of four hundred.
 */
const crowding = (cap: number): number => 1 + 0.3 / Math.sqrt(cap);

/**
 * Slots that are out and not yet due, and the spacing that the cap on calls in flight asks for. No limit of Twilio's, so no
 * ring: more than the cap may not be under way at once, and the senders hold that hard. By Little's law the mean number in
 * flight is rate x mean latency: adaptive-loop.spec.ts shows how near to the cap that comes.
 */
export class InFlightCap {
  #slots: number[] = [];
  #passed = 0;
  #lastAt = 0;

  /** More slots that may be out now. */
  room({ cap, inFlight, latency, lead }: FlightNow, now: number): number {
    const most = cap * (1 + (lead * crowding(cap)) / Math.max(1, latency ?? latencyUnknown));
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
    return Math.max(from, this.#lastAt + Math.ceil(latency / (cap * crowding(cap))));
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
