import type { Door } from './gate.ts';
import type { Limit } from './limit.ts';
import type { Openness } from '../controls/index.ts';
import { quietUntil, type QuietSpan } from './quiet-hours.ts';

/** While something is only tried, one slot in this time goes through, microseconds. */
export const probeMicros = 5_000_000;
const never = Number.POSITIVE_INFINITY;

interface LaneTerms {
  readonly lane: string;
  /** Segments per second; null = the lane has no limit of its own. */
  readonly limit: Limit | null;
  readonly openness: Openness;
  /** Its last slot is not known after a takeover: not later than this. */
  readonly lastAt: number;
  readonly moved: () => void;
}

/** The queue of one sender: its rate, and what controls say about it. */
export class LaneDoor implements Door {
  readonly kind = 'lane';
  readonly isScarce = true;
  readonly lane: string;
  readonly limit: Limit | null;
  openness: Openness;
  readonly #moved: () => void;
  #lastAt: number;

  constructor(terms: LaneTerms) {
    this.lane = terms.lane;
    this.limit = terms.limit;
    this.openness = terms.openness;
    this.#moved = terms.moved;
    this.#lastAt = terms.lastAt;
  }

  opensAt(at: number): number {
    if (this.openness.kind === 'shut') return never;
    const free = this.limit?.earliest(at) ?? at;
    return this.openness.kind === 'open' ? free : Math.max(free, this.#lastAt + probeMicros);
  }

  pay(slotAt: number, cost: number): void {
    this.#lastAt = slotAt;
    if (this.limit === null) return;
    this.limit.take(slotAt, cost);
    this.#moved();
  }

  /** After a step of the clock: not later than this by the new one. */
  restart(now: number): void {
    this.#lastAt = now;
  }
}

/** The calls per second of one API, whatever the lane. */
export class ApiDoor implements Door {
  readonly kind = 'api';
  readonly isScarce = true;

  constructor(
    readonly api: string,
    readonly limit: Limit,
    private readonly moved: () => void,
  ) {}

  opensAt(at: number): number {
    return this.limit.earliest(at);
  }

  pay(slotAt: number): void {
    this.limit.take(slotAt, 1);
    this.moved();
  }
}

/** The day of the recipients of one zone; judged at the slot's instant. */
export class ZoneDoor implements Door {
  readonly kind = 'zone';
  readonly isScarce = false;

  constructor(
    /** Null = not known: nobody there is called before somebody lets them. */
    readonly timeZone: string | null,
    private readonly hours: QuietSpan,
  ) {}

  opensAt(at: number): number {
    return this.timeZone === null ? never : (quietUntil(at, this.timeZone, this.hours) ?? at);
  }

  pay(): void {
    // A time of day is not used up.
  }
}

export type PaceDoor = LaneDoor | ApiDoor | ZoneDoor;
