import fc from 'fast-check';
import { sharePartitions } from './co-partition-assigner.ts';

const member = (id: string, owned: number[] = [], since = 0): Parameters<typeof sharePartitions>[0][number] => ({
  id,
  owned,
  since,
  take: [],
});
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('sharePartitions', () => {
  it('gives every partition to exactly one member, in shares that differ by at most one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 24 }), fc.array(fc.nat(23)), (n, count, claims) => {
        const members = range(n).map((i) =>
          member(
            `m${i}`,
            claims.filter((_, at) => at % n === i),
            i,
          ),
        );
        sharePartitions(members, range(count));
        expect(members.flatMap((m) => m.take).sort((a, b) => a - b)).toEqual(range(count));
        const sizes = members.map((m) => m.take.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('leaves partitions where they were when a member joins', () => {
    const members = [member('a', [0, 1, 2, 3], 1), member('b')];
    sharePartitions(members, range(4));
    expect(members[0]?.take).toEqual([0, 1]);
    expect(members[1]?.take).toEqual([2, 3]);
  });

  it('lets the newest claim win over a zombie that still remembers the partition', () => {
    const members = [member('zombie', [0, 1], 1), member('owner', [0, 1], 2)];
    sharePartitions(members, range(2));
    expect(members[1]?.take).toEqual([0]);
  });
});
