interface Durable {
  /** Every claim below was read. */
  readonly next: number;
  /** Of these the ones that are neither decided nor stored, as distances from one to the next. */
  readonly open: readonly number[];
}

/** A claim that only the log holds. */
interface Unstored {
  readonly offset: number;
  readonly readMs: number;
}

/** Most claims are answered sooner; those that are not are stored, so that nobody has to read far back for them. */
const storeAfterMs = 2_000;
const mostUnstored = 4_000;

/** Where the window stands among a task's state. */
export const claimWindowKey = 'window';

/**
 * Claims that are answered soon need not be written down one by one: the committed position stays behind the oldest of
 * them, and who takes over reads them again. Beside the position stands this: which claims from it on are open. All others
 * were decided or stored, and must not be opened again when they are read again.
 */
export class ClaimWindow {
  /** By attempt, in the order of reading, which is that of the offsets. */
  readonly #open = new Map<string, Unstored>();
  /** Open at the takeover and not read again yet. */
  readonly #awaited: Set<number>;
  #next: number;
  #taken: string;

  /** `position` is the committed one; `durable` what the older owner committed with it, if it did. */
  constructor(position = 0, durable?: string) {
    const { next, open } = durable === undefined ? { next: position, open: [] } : (JSON.parse(durable) as Durable);
    this.#next = Math.max(next, position);
    let offset = 0;
    this.#awaited = new Set(open.map((distance) => (offset += distance)));
    this.#taken = this.#frozen();
  }

  /** Whether a record is read for the first time, is read again and still open, or was done with by an older owner. */
  placeOf(offset: number): 'new' | 'open' | 'done' {
    if (offset >= this.#next) return 'new';
    return this.#awaited.has(offset) ? 'open' : 'done';
  }

  opened(attemptId: string, at: Unstored): void {
    this.#awaited.delete(at.offset);
    this.#open.set(attemptId, at);
  }

  /** Read, and not to be opened. */
  passed(offset: number): void {
    this.#awaited.delete(offset);
  }

  /** Decided. False when the claim is not here but stored by itself. */
  closed(attemptId: string): boolean {
    return this.#open.delete(attemptId);
  }

  /** All records below were read. */
  readUpTo(next: number): void {
    this.#next = Math.max(this.#next, next);
  }

  hasOld(nowMs: number): boolean {
    const [oldest] = this.#open.values();
    return oldest !== undefined && nowMs - oldest.readMs >= storeAfterMs;
  }

  /** Attempts whose claims leave the window, because they have been in it for long: they must be stored. */
  takeOld(nowMs: number): readonly string[] {
    const old: string[] = [];
    for (const [attemptId, { readMs }] of this.#open) {
      if (nowMs - readMs < storeAfterMs && this.#open.size <= mostUnstored) break;
      this.#open.delete(attemptId);
      old.push(attemptId);
    }
    return old;
  }

  /** Where the next owner has to begin reading; commit it with what `takeChange` gave. */
  get position(): number {
    const [awaited = this.#next] = this.#awaited;
    const [open] = this.#open.values();
    return Math.min(awaited, open?.offset ?? this.#next);
  }

  /** What the next owner must know beside the position; null when it knows already. */
  takeChange(): string | null {
    const frozen = this.#frozen();
    if (frozen === this.#taken) return null;
    return (this.#taken = frozen);
  }

  #frozen(): string {
    const offsets = [...this.#awaited, ...Array.from(this.#open.values(), ({ offset }) => offset)].sort((a, b) => a - b);
    let before = 0;
    const open = offsets.map((offset) => {
      const distance = offset - before;
      before = offset;
      return distance;
    });
    const durable: Durable = { next: this.#next, open };
    return JSON.stringify(durable);
  }
}
