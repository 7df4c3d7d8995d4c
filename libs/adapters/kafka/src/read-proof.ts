import { nameOf, type ReadListener, type StableEnd, type TopicPartition } from './partition-reader.ts';

interface Standing {
  /** Next offset to read. */
  next: number;
  /** Start of the last fetch that brought nothing. */
  quietAtMs: number;
  /** Stable end at the last asking; empty = nothing was in the log. */
  end: number;
}

const never = Number.NEGATIVE_INFINITY;

/**
 * Up to which instant a reader has everything that was written. Two things prove it: a fetch that brought nothing, as of
 * its start, which costs no request of its own; and end offsets that were asked for and are read, as of the asking. The
 * second is for a log that is written all the time, where no fetch brings nothing.
 */
export class ReadProof implements ReadListener {
  readonly #standings: ReadonlyMap<string, Standing>;
  readonly #fetchingSinceMs = new Map<number, number>();
  #askedAtMs = never;
  #provenAtMs = never;

  constructor(
    partitions: readonly TopicPartition[],
    private readonly nowMs: () => number,
  ) {
    this.#standings = new Map(partitions.map((at) => [nameOf(at), { next: 0, quietAtMs: never, end: Number.POSITIVE_INFINITY }]));
  }

  /** Monotonic milliseconds; everything that was stable then, in every partition, was handed over. */
  get provenAtMs(): number {
    return this.#provenAtMs;
  }

  fetching(node: number): void {
    this.#fetchingSinceMs.set(node, this.nowMs());
  }

  broughtNothing(node: number, partitions: readonly TopicPartition[]): void {
    const since = this.#fetchingSinceMs.get(node) ?? never;
    for (const at of partitions) this.#of(at).quietAtMs = since;
    this.#settle();
  }

  advanced(at: TopicPartition, next: number): void {
    this.#of(at).next = next;
    this.#settle();
  }

  rewound(at: TopicPartition): void {
    const standing = this.#of(at);
    [standing.next, standing.quietAtMs] = [0, never];
    this.#settle();
  }

  /** `askedAtMs` is when the question was sent, not when the answer came. */
  asked(ends: readonly StableEnd[], askedAtMs: number): void {
    for (const { at, low, high } of ends) this.#of(at).end = high > low ? high : 0;
    this.#askedAtMs = askedAtMs;
    this.#settle();
  }

  #of(at: TopicPartition): Standing {
    const found = this.#standings.get(nameOf(at));
    if (found === undefined) throw new Error(`kafka: ${nameOf(at)} is not read here`);
    return found;
  }

  #settle(): void {
    let proven = Number.POSITIVE_INFINITY;
    for (const { next, quietAtMs, end } of this.#standings.values()) {
      proven = Math.min(proven, Math.max(quietAtMs, next >= end ? this.#askedAtMs : never));
    }
    this.#provenAtMs = proven;
  }
}
