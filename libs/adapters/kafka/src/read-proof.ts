import type { StableEnd } from './log-offsets.ts';
import { nameOf, type TopicPartition } from './topic-partition.ts';
import type { ReadListener } from './partition-reader.ts';

interface Standing {
  /** Next offset to read. */
  next: number;
  /** Start of the last fetch that brought nothing, and the broker that it went to. */
  quietAtMs: number;
  quietAt: number | null;
  /** Stable end at the last asking; empty = nothing was in the log. */
  end: number;
  /** Who leads by the word of a broker that does not, and when that one was asked. */
  leader: number | null;
  epoch: number | null;
  namedAtMs: number;
  /** When its election was named for the first time. */
  leaderSinceMs: number;
}

const never = Number.NEGATIVE_INFINITY;

/**
 * Up to which instant a reader has everything that was written. Two things prove it: a fetch that brought nothing, as of
 * its start, from a broker that another one names as the leader; and end offsets that were asked for and are read, as of
 * the asking. The second is for a log that is written all the time, where no fetch brings nothing. Without the other
 * broker's word a leader that was deposed and does not know it would prove a log that goes on elsewhere. And a leader that
 * was just elected may not know yet how much of its log counts: it shows less than its predecessor did. Asked for the end,
 * it refuses to answer until it knows; so after a change of the leader fetches prove nothing before ends were asked for.
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
    const unheard = { quietAtMs: never, quietAt: null, leader: null, epoch: null, namedAtMs: never, leaderSinceMs: never };
    this.#standings = new Map(partitions.map((at) => [nameOf(at), { next: 0, end: Number.POSITIVE_INFINITY, ...unheard }]));
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
    for (const at of partitions) {
      const standing = this.#of(at);
      [standing.quietAtMs, standing.quietAt] = [since, node];
    }
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

  /** Leaders as others name them; `askedAtMs` is when they were asked. */
  named(leaders: ReadonlyMap<string, { readonly leader: number; readonly epoch: number }>, askedAtMs: number): void {
    for (const [name, { leader, epoch }] of leaders) {
      const standing = this.#standings.get(name);
      if (standing === undefined) continue;
      // Between two namings it may have lost its part and won it back.
      if (standing.epoch !== epoch) standing.leaderSinceMs = askedAtMs;
      [standing.leader, standing.epoch, standing.namedAtMs] = [leader, epoch, askedAtMs];
    }
    this.#settle();
  }

  #of(at: TopicPartition): Standing {
    const found = this.#standings.get(nameOf(at));
    if (found === undefined) throw new Error(`kafka: ${nameOf(at)} is not read here`);
    return found;
  }

  #settle(): void {
    let proven = Number.POSITIVE_INFINITY;
    for (const { next, end, ...quiet } of this.#standings.values()) {
      const byFetch = this.#askedAtMs >= quiet.leaderSinceMs ? quietUntil(quiet) : never;
      proven = Math.min(proven, Math.max(byFetch, next >= end ? this.#askedAtMs : never));
    }
    this.#provenAtMs = proven;
  }
}

/** Nothing was written before it. */
const quietUntil = ({ quietAtMs, quietAt, leader, namedAtMs }: Pick<Standing, 'quietAtMs' | 'quietAt' | 'leader' | 'namedAtMs'>): number =>
  leader !== null && leader === quietAt ? Math.min(quietAtMs, namedAtMs) : never;
