export interface KnobBounds {
  readonly floor: number;
  readonly ceiling: number;
}

/** Value of a step up from `value`, the n-th in a row. */
export type StepUp = (value: number, nth: number) => number;

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

  constructor(
    private bounds: KnobBounds,
    private readonly stepUp: StepUp,
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
    this.#place(value, heldUntilMs);
  }

  #place(value: number, heldUntilMs: number): void {
    this.#value = this.#within(value);
    this.#good = null;
    this.#steps = 0;
    this.#heldUntilMs = heldUntilMs;
  }

  /** One step up; its share of the value it started from. */
  raise(): number {
    this.#steps += 1;
    if (this.#steps > 1) this.#failures = 0;
    this.#good = this.#value;
    this.#value = this.#within(this.stepUp(this.#value, this.#steps));
    return this.#value / this.#good - 1;
  }

  /** The last step was too much: back to what held, and each time longer until it is tried again. */
  back(nowMs: number, holdMs: { readonly first: number; readonly longest: number }): void {
    this.#failures += 1;
    this.#place(this.#good ?? this.#value, nowMs + Math.min(holdMs.longest, holdMs.first * this.#failures));
  }

  #within(value: number): number {
    const { floor, ceiling } = this.bounds;
    return Math.min(ceiling, Math.max(value, Math.min(floor, ceiling)));
  }
}
