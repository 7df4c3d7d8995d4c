import { ReadProof } from './read-proof.ts';
import { nameOf, type TopicPartition } from './topic-partition.ts';

const a: TopicPartition = { topic: 'paceline.controls', partition: 0 };
const b: TopicPartition = { topic: 'paceline.suppressions', partition: 1 };
const never = Number.NEGATIVE_INFINITY;

describe('the proof that everything was read', () => {
  let now: number;
  let proof: ReadProof;
  /** How often each leader was elected again. */
  let elections: number;
  beforeEach(() => {
    [now, elections] = [1_000, 0];
    proof = new ReadProof([a, b], () => now);
  });

  /** Brokers that lead nothing name who leads. */
  const name = (leaderOfA: number, leaderOfB: number, askedAtMs: number): void =>
    proof.named(
      new Map([
        [nameOf(a), { leader: leaderOfA, epoch: leaderOfA + elections }],
        [nameOf(b), { leader: leaderOfB, epoch: leaderOfB + elections }],
      ]),
      askedAtMs,
    );

  /** Every end was asked for, and none is reached. */
  const askedAt = (ms: number): void =>
    proof.asked(
      [
        { at: a, low: 0, high: 99 },
        { at: b, low: 0, high: 99 },
      ],
      ms,
    );

  /** Two brokers, each asked for one partition. */
  function fetch(node: number, partitions: readonly TopicPartition[], tookMs: number): void {
    proof.fetching(node);
    now += tookMs;
    proof.broughtNothing(node, partitions);
  }

  it('is not given before anything was heard', () => {
    expect(proof.provenAtMs).toBe(never);
  });

  it('is given by fetches that brought nothing, as of their start, and only when every partition has one', () => {
    name(1, 2, 5_000);
    askedAt(5_000);
    fetch(1, [a], 250);
    expect(proof.provenAtMs).toBe(never);
    fetch(2, [b], 250);
    expect(proof.provenAtMs).toBe(1_000);
    fetch(1, [a], 250);
    expect(proof.provenAtMs).toBe(1_250);
  });

  it('is not given by a broker that nobody else names as the leader: it may have been deposed', () => {
    askedAt(5_000);
    fetch(1, [a], 250);
    fetch(2, [b], 250);
    expect(proof.provenAtMs).toBe(never);
    name(1, 3, now);
    expect(proof.provenAtMs).toBe(never);
    name(1, 2, now);
    expect(proof.provenAtMs).toBe(1_000);
  });

  it('reaches no further than the instant at which the leader was last named', () => {
    askedAt(5_000);
    name(1, 2, 1_100);
    fetch(1, [a], 250);
    fetch(1, [a], 250);
    fetch(2, [b], 250);
    expect(proof.provenAtMs).toBe(1_100);
  });

  it('is not given by a leader that lost its part and won it back between two namings, before it was asked for its end', () => {
    name(1, 2, 5_000);
    askedAt(5_010);
    now = 6_000;
    elections = 2;
    name(1, 2, 6_500);
    fetch(1, [a], 250);
    fetch(2, [b], 250);
    expect(proof.provenAtMs).toBe(never);
    askedAt(6_600);
    expect(proof.provenAtMs).toBe(6_000);
  });

  it('is not given by a leader that was just elected before it was asked for its end', () => {
    name(1, 2, 1_000);
    askedAt(1_000);
    fetch(1, [a], 10);
    fetch(2, [b], 10);
    expect(proof.provenAtMs).toBe(1_000);
    now = 2_000;
    name(1, 3, 2_005);
    fetch(1, [a], 10);
    fetch(3, [b], 10);
    expect(proof.provenAtMs).toBe(never);
    askedAt(2_004);
    expect(proof.provenAtMs).toBe(never);
    askedAt(2_030);
    expect(proof.provenAtMs).toBe(2_000);
  });

  it('is not given by an answer to a fetch that nobody began', () => {
    name(7, 7, 5_000);
    askedAt(5_000);
    proof.broughtNothing(7, [a, b]);
    expect(proof.provenAtMs).toBe(never);
  });

  it('is given by end offsets as of the asking, once they are reached', () => {
    proof.advanced(a, 5);
    proof.asked(
      [
        { at: a, low: 0, high: 5 },
        { at: b, low: 0, high: 3 },
      ],
      900,
    );
    expect(proof.provenAtMs).toBe(never);
    proof.advanced(b, 2);
    expect(proof.provenAtMs).toBe(never);
    proof.advanced(b, 3);
    expect(proof.provenAtMs).toBe(900);
  });

  it('does not wait for records that were deleted: an empty log is read', () => {
    proof.asked(
      [
        { at: a, low: 0, high: 0 },
        { at: b, low: 7, high: 7 },
      ],
      900,
    );
    expect(proof.provenAtMs).toBe(900);
  });

  it('is withdrawn when a log has lost its end, until it is read anew', () => {
    name(1, 1, 500);
    name(1, 1, 5_000);
    fetch(1, [a, b], 0);
    proof.asked(
      [
        { at: a, low: 0, high: 5 },
        { at: b, low: 0, high: 0 },
      ],
      1_000,
    );
    proof.advanced(a, 5);
    fetch(1, [a, b], 10);
    expect(proof.provenAtMs).toBe(1_000);
    proof.rewound(a);
    expect(proof.provenAtMs).toBe(never);
    proof.advanced(a, 2);
    expect(proof.provenAtMs).toBe(never);
    fetch(1, [a], 10);
    expect(proof.provenAtMs).toBe(1_000);
  });

  it('takes the better of both for each partition', () => {
    name(1, 2, 500);
    name(1, 2, 5_000);
    fetch(1, [a], 10);
    proof.asked(
      [
        { at: a, low: 0, high: 9 },
        { at: b, low: 0, high: 0 },
      ],
      1_015,
    );
    expect(proof.provenAtMs).toBe(1_000);
    proof.advanced(a, 9);
    expect(proof.provenAtMs).toBe(1_015);
  });
});
