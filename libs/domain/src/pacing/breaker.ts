export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerWaits {
  /** Of the first opening, milliseconds. */
  readonly firstMs: number;
  /** No wait is longer. */
  readonly longestMs: number;
}

/** What a batch of answers says: how many were the fault that the breaker guards against, how many prove that it is gone. */
export interface BreakerAnswers {
  readonly faults: number;
  readonly proofs: number;
}

/**
 * Opens at the first fault, asks again after a wait (half-open), closes at the first proof; another fault opens it anew
 * with twice the wait. A fault soon after it was closed counts as another one, so that a flickering fault is asked ever
 * more seldom. While it is open no answer changes it: those calls were made before.
 */
export class Breaker {
  #state: BreakerState = 'closed';
  #waitMs: number;
  #untilMs = 0;
  #closedMs: number | null = null;

  constructor(private readonly waits: BreakerWaits) {
    this.#waitMs = waits.firstMs;
  }

  get state(): BreakerState {
    return this.#state;
  }

  get waitMs(): number {
    return this.#waitMs;
  }

  /** Goes on from what an earlier owner left; its wait begins anew. */
  adopt(state: Exclude<BreakerState, 'closed'>, nowMs: number): void {
    this.#state = state;
    this.#untilMs = nowMs + this.#waitMs;
  }

  heed({ faults, proofs }: BreakerAnswers, nowMs: number): void {
    if (this.#state === 'open') return;
    if (faults > 0) this.#open(nowMs);
    else if (proofs > 0 && this.#state === 'half-open') this.#close(nowMs);
  }

  /** Lets time pass. */
  pass(nowMs: number): void {
    if (this.#state === 'open' && nowMs >= this.#untilMs) this.#state = 'half-open';
  }

  /** A person closed it: it stays closed until there is a new fault. */
  release(): void {
    this.#state = 'closed';
    this.#closedMs = null;
    this.#waitMs = this.waits.firstMs;
  }

  nextAtMs(): number | null {
    return this.#state === 'open' ? this.#untilMs : null;
  }

  /** Closed for so long that a new fault would be a first one. */
  isForgotten(nowMs: number): boolean {
    return this.#state === 'closed' && (this.#closedMs === null || nowMs - this.#closedMs > 2 * this.#waitMs);
  }

  #open(nowMs: number): void {
    const again = this.#state === 'half-open' || !this.isForgotten(nowMs);
    this.#waitMs = again ? Math.min(this.waits.longestMs, this.#waitMs * 2) : this.waits.firstMs;
    this.#untilMs = nowMs + this.#waitMs;
    this.#state = 'open';
  }

  #close(nowMs: number): void {
    this.#state = 'closed';
    this.#closedMs = nowMs;
  }
}
