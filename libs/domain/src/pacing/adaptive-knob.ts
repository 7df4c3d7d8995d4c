export interface KnobBounds {
  readonly floor: number;
  readonly ceiling: number;
}

/** Value of a step up from `value`, the n-th in a row. */
export type StepUp = (value: number, nth: number) => number;

/** A value between one that holds and one that is too much; null when they are near enough. */
export type Halfway = (good: number, tooMuch: number) => number | null;

export interface Holds {
  /** Before a value halfway back is tried. */
  readonly searchMs: number;
  /** Before what was too much is tried again, and at most so long however often it was. */
  readonly firstMs: number;
  readonly longestMs: number;
}

/**
 * One side of the pace (calls a second, or calls in flight): where it stands, the last value that held, and until when it
 * is left alone. Never below its floor, never above its ceiling.
 */
export class AdaptiveKnob {
  #value: number;
  /** What it was raised from; null once it was cut. */
  #good: number | null = null;
  #steps = 0;
  #heldUntilMs = 0;
  /** How often in a row the first step from here was too much. */
  #failures = 0;
  /** Known to be too much, and not to be tried before everything below it. */
  #tooMuch: number | null = null;

  constructor(
    private bounds: KnobBounds,
    private readonly steps: { readonly up: StepUp; readonly halfway: Halfway },
  ) {
    this.#value = bounds.ceiling;
  }

  get value(): number {
    return this.#value;
  }

  get ceiling(): number {
    return this.bounds.ceiling;
  }

  get isLowered(): boolean {
    return this.#value < this.bounds.ceiling;
  }

  get heldUntilMs(): number {
    return this.#heldUntilMs;
  }

  /** New bounds: a lowered value stays where they let it. */
  bound(bounds: KnobBounds): void {
    const lowered = this.isLowered;
    this.bounds = bounds;
    this.#value = lowered ? this.#within(this.#value) : bounds.ceiling;
  }

  set(value: number, heldUntilMs: number): void {
    this.#failures = 0;
    this.#tooMuch = null;
    this.#place(value, heldUntilMs);
  }

  #place(value: number, heldUntilMs: number): void {
    this.#value = this.#within(value);
    this.#good = null;
    this.#steps = 0;
    this.#heldUntilMs = heldUntilMs;
  }

  /** One step up, or halfway to what was too much; its share of the value it started from. */
  raise(nowMs: number, holds: Holds): number {
    const halfway = this.#halfway();
    const isAgain = halfway === null && this.#tooMuch !== null;
    if (halfway === null) this.#steps += 1;
    if (this.#steps > 1) this.#failures = 0;
    this.#good = this.#value;
    this.#value = this.#within(halfway ?? this.steps.up(this.#value, this.#steps));
    if (isAgain) this.#tooMuch = null;
    if (halfway !== null && this.#halfway() === null) this.#heldUntilMs = nowMs + this.#longHoldMs(holds);
    return this.#value / this.#good - 1;
  }

  /** The last step was too much: back to what held, soon halfway up again, and each time longer until the whole step is tried again. */
  back(nowMs: number, holds: Holds): void {
    this.#tooMuch = this.#value;
    const good = this.#good ?? this.#value;
    this.#place(good, nowMs);
    if (this.#halfway() === null) this.#failures += 1;
    this.#heldUntilMs = nowMs + (this.#halfway() === null ? this.#longHoldMs(holds) : holds.searchMs);
  }

  #longHoldMs({ firstMs, longestMs }: Holds): number {
    return Math.min(longestMs, firstMs * Math.max(1, this.#failures));
  }

  #halfway(): number | null {
    const tooMuch = this.#tooMuch;
    return tooMuch === null || tooMuch <= this.#value ? null : this.steps.halfway(this.#value, tooMuch);
  }

  #within(value: number): number {
    const { floor, ceiling } = this.bounds;
    return Math.min(ceiling, Math.max(value, Math.min(floor, ceiling)));
  }
}
