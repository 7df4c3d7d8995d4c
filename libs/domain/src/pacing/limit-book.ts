import { Limit, untouched, type LimitMark } from './limit.ts';
import type { StateEntry } from './released-offsets.ts';

/** What of a limit is committed beside the account's own mark. */
interface StoredMark extends LimitMark {
  readonly era: number;
  /** From this instant on the mark says nothing any more. */
  readonly until: number;
}

/** A mark is kept a while longer than it matters: two processes' clocks may differ. */
const keptMicros = 10_000_000;
const secondMicros = 1_000_000;

/**
 * The limits of one account that only some of its rows share, and their marks in the changelog. Every slot also takes the
 * account's own limit, whose mark keeps a whole second after a takeover: so a limit is written only while it asks for more
 * than that (a message of three segments on a lane of one a second), and its key is deleted when it does not.
 */
export class LimitBook {
  readonly #limits = new Map<string, Limit>();
  /** Keys in the changelog, and until when they matter. */
  readonly #stored = new Map<string, number>();
  readonly #moved = new Set<string>();
  readonly #marks: ReadonlyMap<string, string>;
  #era: number;

  constructor(prefixes: readonly string[], state: ReadonlyMap<string, string>, era: number) {
    this.#era = era;
    const marks = new Map<string, string>();
    for (const [key, text] of state) {
      if (!prefixes.some((prefix) => key.startsWith(prefix))) continue;
      marks.set(key, text);
      this.#stored.set(key, (JSON.parse(text) as StoredMark).until);
    }
    this.#marks = marks;
  }

  get limits(): Iterable<readonly [string, Limit]> {
    return this.#limits;
  }

  limit(key: string, ratePerSecond: number): Limit {
    let limit = this.#limits.get(key);
    if (limit === undefined) this.#limits.set(key, (limit = Limit.resumed(ratePerSecond, this.#resumable(key))));
    return limit;
  }

  /** The limit of that key has granted: its mark goes with the next commit. */
  moved(key: string): void {
    this.#moved.add(key);
  }

  /** Instants of the old era mean nothing any more. */
  startEra(era: number, notBefore: number): void {
    this.#era = era;
    for (const limit of this.#limits.values()) limit.renew(notBefore);
    for (const key of this.#stored.keys()) this.#stored.set(key, 0);
  }

  /** What the next commit must carry. */
  entries(now: number): StateEntry[] {
    const entries: StateEntry[] = [];
    for (const key of this.#moved) {
      const limit = this.#limits.get(key);
      if (limit === undefined || limit.freeAt <= limit.mark.lastAt + secondMicros + 1) continue;
      entries.push({ key, value: JSON.stringify({ ...limit.mark, era: this.#era, until: limit.freeAt } satisfies StoredMark) });
      this.#stored.set(key, limit.freeAt);
    }
    for (const [key, until] of this.#stored) {
      if (until + keptMicros > now || this.#moved.has(key)) continue;
      entries.push({ key, value: null });
      this.#stored.delete(key);
    }
    this.#moved.clear();
    return entries;
  }

  /** Forgets a limit that nobody uses; true when it does not matter any more. */
  forget(key: string, now: number): boolean {
    const limit = this.#limits.get(key);
    if (limit !== undefined && limit.freeAt + keptMicros > now) return false;
    this.#limits.delete(key);
    return true;
  }

  #resumable(key: string): LimitMark {
    const text = this.#marks.get(key);
    if (text === undefined) return untouched;
    const { era, lastAt, ahead, cost } = JSON.parse(text) as StoredMark;
    return era === this.#era ? { lastAt, ahead, cost } : untouched;
  }
}
