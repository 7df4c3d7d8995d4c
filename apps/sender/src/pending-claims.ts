const free = 0;
const armed = 1;
const revoked = 2;
const declined = 3;
const fired = 4;

/** What a claim's cell says of a claim whose end was never reported. */
export type LastSeen = 'never-fired' | 'fired';

/** The memory that both threads see; nothing in it says anything about a person. */
export interface SharedClaims {
  readonly cells: SharedArrayBuffer;
  readonly freshUntil: SharedArrayBuffer;
  readonly limits: SharedArrayBuffer;
  /** Whose limit stands where. */
  readonly accounts: readonly string[];
}

/**
 * The claims handed to the firing thread, one cell each. A cell leaves `armed` once, by compare-and-exchange: either
 * the main thread revokes the claim or the firing thread takes it, never both. Who won records the end.
 * The main thread takes and frees cells; a full table gives none, so that what is pending stays bounded.
 */
export class PendingClaims {
  readonly shared: SharedClaims;
  readonly #cells: Int32Array;
  readonly #freshUntil: BigInt64Array;
  readonly #limits: Int32Array;
  readonly #free: number[];
  readonly #accounts: ReadonlyMap<string, number>;

  constructor(capacity: number, accounts: readonly string[]) {
    this.shared = {
      cells: new SharedArrayBuffer(capacity * Int32Array.BYTES_PER_ELEMENT),
      freshUntil: new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT),
      limits: new SharedArrayBuffer(Math.max(1, accounts.length) * Int32Array.BYTES_PER_ELEMENT),
      accounts,
    };
    this.#cells = new Int32Array(this.shared.cells);
    this.#freshUntil = new BigInt64Array(this.shared.freshUntil);
    this.#limits = new Int32Array(this.shared.limits);
    this.#accounts = positions(accounts);
    this.#free = Array.from({ length: capacity }, (_, at) => capacity - 1 - at);
  }

  hasRoom(): boolean {
    return this.#free.length > 0;
  }

  /** A cell for a claim that is put up for commit, armed; null when the table is full. */
  take(): number | null {
    const cell = this.#free.pop();
    if (cell === undefined) return null;
    Atomics.store(this.#cells, cell, armed);
    return cell;
  }

  /** For a cell that nobody else knows, or no longer knows. */
  giveBack(cell: number): void {
    Atomics.store(this.#cells, cell, free);
    this.#free.push(cell);
  }

  /** True = it will never fire, and the caller records its end. */
  revoke(cell: number): boolean {
    return Atomics.compareExchange(this.#cells, cell, armed, revoked) === armed;
  }

  /** After the firing thread's death: whether this claim's call may have been made. */
  lastSeen(cell: number): LastSeen {
    return Atomics.load(this.#cells, cell) === fired ? 'fired' : 'never-fired';
  }

  /** Until when the tables may be relied upon, on the threads' common monotonic clock. */
  setFreshUntil(monotonicMs: number): void {
    Atomics.store(this.#freshUntil, 0, BigInt(Math.round(monotonicMs * 1_000)));
  }

  setLimit(account: string, limit: number): void {
    const at = this.#accounts.get(account);
    if (at !== undefined) Atomics.store(this.#limits, at, limit);
  }
}

const positions = (accounts: readonly string[]): ReadonlyMap<string, number> => new Map(accounts.map((account, at) => [account, at]));

/** The firing thread's side of the same memory. */
export class ArmedClaims {
  readonly #cells: Int32Array;
  readonly #freshUntil: BigInt64Array;
  readonly #limits: Int32Array;
  readonly #accounts: ReadonlyMap<string, number>;

  constructor(shared: SharedClaims) {
    this.#cells = new Int32Array(shared.cells);
    this.#freshUntil = new BigInt64Array(shared.freshUntil);
    this.#limits = new Int32Array(shared.limits);
    this.#accounts = positions(shared.accounts);
  }

  /** True = the claim is ours to call, now. */
  fire(cell: number): boolean {
    return Atomics.compareExchange(this.#cells, cell, armed, fired) === armed;
  }

  /** True = it will not be called, and we report why. */
  decline(cell: number): boolean {
    return Atomics.compareExchange(this.#cells, cell, armed, declined) === armed;
  }

  areTablesFresh(monotonicMs: number): boolean {
    return Atomics.load(this.#freshUntil, 0) > BigInt(Math.round(monotonicMs * 1_000));
  }

  /** Places in flight of this process; none for an account nobody set a limit for. */
  limitOf(account: string): number {
    const at = this.#accounts.get(account);
    return at === undefined ? 0 : Atomics.load(this.#limits, at);
  }
}
