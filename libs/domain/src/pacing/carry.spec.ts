import fc from 'fast-check';
import { admitted, Bench, noon, retried, rowsFrom } from './pacing-bench.suite.ts';

const carrying = (carrySpan: number): Bench => new Bench(new Map([['demo', 100]]), { carrySpan });

describe('carrying forward', () => {
  it('appends an old row again when what is done with outweighs what waits', () => {
    const bench = carrying(50);
    bench.append(admitted(0, { notBefore: noon + 60_000_000 }), ...rowsFrom(1, 200)).run(30);
    expect(bench.log.filter(({ type }) => type === 'RequestCarried')).not.toHaveLength(0);
    expect(bench.committed).toBeGreaterThan(100);
    bench.run(650);
    expect(bench.slots).toHaveLength(201);
    expect(bench.slots.at(-1)?.slotAt).toBe(noon + 60_000_000);
    expect(bench.committed).toBe(bench.log.length);
  });

  it('keeps the attempt, the back-off, the earliest instant and the age', () => {
    const bench = carrying(10);
    bench.append(retried(0, { attempt: 3, notBefore: noon + 60_000_000 }), ...rowsFrom(1, 100)).run(20);
    const carried = bench.log.find(({ type }) => type === 'RequestCarried');
    expect(carried?.data).toMatchObject({ attempt: 3, notBefore: noon + 60_000_000, meta: { occurredAt: noon } });
  });

  it('leaves a backlog alone that is merely large', () => {
    const bench = carrying(50)
      .append(...rowsFrom(1, 2_000))
      .run(90);
    expect(bench.log.filter(({ type }) => type === 'RequestCarried')).toHaveLength(0);
  });

  it('loses no row and doubles none, killed at any point', () => {
    const fault = fc.record({ slices: fc.integer({ min: 1, max: 12 }), loseCommit: fc.boolean(), resident: fc.constantFrom(1, 20, 1_000) });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 20, maxLength: 150 }),
        fc.array(fault, { maxLength: 6 }),
        (waits, faults) => {
          const bench = new Bench(new Map([['demo', 100]]), { carrySpan: 15, residentRows: faults[0]?.resident ?? 5 });
          waits.forEach((wait, row) => bench.append(admitted(row, { notBefore: wait < 2 ? noon + wait * 4_000_000 + 1 : null })));
          for (const { slices, loseCommit } of faults) {
            bench.run(slices);
            if (loseCommit) bench.tick({ commit: false });
            bench.crash();
          }
          bench.run(150);
          expect(bench.slots.map(({ row }) => row).toSorted((a, b) => a - b)).toEqual(waits.map((_, row) => row));
          expect(bench.committed).toBe(bench.log.length);
        },
      ),
      { numRuns: 100 },
    );
  });
});
