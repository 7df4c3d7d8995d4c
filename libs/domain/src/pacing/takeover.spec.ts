import fc from 'fast-check';
import { admitted, Bench, noon, rowsFrom, worstSecond } from './pacing-bench.suite.ts';

describe('a takeover', () => {
  it('keeps a second from the last slot and grants neither twice nor less', () => {
    const bench = new Bench().append(...rowsFrom(1, 300)).run(5);
    const last = bench.slots.at(-1)?.slotAt ?? 0;
    const before = bench.slots.length;
    bench.crash();
    bench.run(60);
    expect((bench.slots[before]?.slotAt ?? 0) - last).toBeGreaterThanOrEqual(1_000_000);
    expect(new Set(bench.slots.map(({ row }) => row)).size).toBe(300);
    expect(bench.slots).toHaveLength(300);
  });

  const fault = fc.record({
    slices: fc.integer({ min: 0, max: 6 }),
    loseCommit: fc.boolean(),
    readAtMost: fc.integer({ min: 0, max: 60 }),
    outage: fc.integer({ min: 0, max: 3_000_000 }),
    rate: fc.option(fc.integer({ min: 1, max: 300 })),
    cancel: fc.boolean(),
  });
  const row = fc.record({
    batch: fc.integer({ min: 0, max: 3 }),
    wait: fc.integer({ min: 0, max: 4_000_000 }),
    priority: fc.integer({ min: 0, max: 1 }),
  });

  it('at any point, any number of times, leaves each row exactly one slot or outcome, and every second within its limit', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 150 }), fc.array(fault, { maxLength: 8 }), (rows, faults) => {
        const bench = new Bench();
        rows.forEach(({ batch, wait, priority }, index) => {
          const over = { batchId: `b${batch}`, priority, notBefore: wait > 1_000_000 ? noon + wait : null };
          bench.append(admitted(index, over));
        });
        let highest = 100;
        for (const { slices, loseCommit, readAtMost, outage, rate, cancel } of faults) {
          if (rate !== null) bench.controls.set('account:demo/rate/operator', rate);
          highest = Math.max(highest, rate ?? 0);
          if (cancel) bench.controls.set('batch:b0/cancelled/operator', true);
          bench.pacing.controlChanged('batch:b0/cancelled/operator');
          for (let n = 0; n < slices; n += 1) {
            bench.tick({ readAtMost });
            bench.pass(100_000);
          }
          if (loseCommit) bench.tick({ commit: false });
          bench.crash();
          bench.pass(outage);
        }
        bench.controls.set('account:demo/rate/operator', 100);
        bench.run(150);
        const ended = [...bench.slots, ...bench.closed].map((end) => end.row);
        expect(ended.toSorted((x, y) => x - y)).toEqual(rows.map((_, index) => index));
        expect(new Set(bench.slots.map(({ number }) => number)).size).toBe(bench.slots.length);
        expect(worstSecond(bench.slots)).toBeLessThanOrEqual(highest);
        expect(bench.committed).toBe(bench.log.length);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the clock', () => {
  it('stepping back more than a second brings a second of silence and a new era', () => {
    const bench = new Bench().append(...rowsFrom(1, 2000)).run(10);
    bench.now -= 5_000_000;
    const { step, grants } = bench.tick();
    expect(step).toBeLessThan(-4_000_000);
    expect(grants).toEqual([]);
    const stepped = bench.now;
    bench.run(20);
    const second = bench.slots.filter(({ era }) => era === 2);
    expect(second[0]?.slotAt).toBeGreaterThan(stepped + 1_000_000);
    expect(worstSecond(second)).toBeLessThanOrEqual(100);
    expect(bench.slots.map(({ number }) => number)).toEqual(bench.slots.map((_, n) => n + 1));
  });

  it('stepping forward neither bursts nor counts as lost capacity', () => {
    const bench = new Bench().append(...rowsFrom(1, 2000)).run(10);
    bench.now += 3_600_000_000;
    expect(bench.tick().lost.size).toBe(0);
    bench.run(20);
    expect(worstSecond(bench.slots)).toBeLessThanOrEqual(100);
  });

  it('found more than two seconds behind the last slot at a takeover starts a new era', () => {
    const bench = new Bench().append(...rowsFrom(1, 200)).run(3);
    bench.now -= 3_600_000_000;
    bench.crash();
    bench.run(40);
    expect(bench.slots.at(-1)?.era).toBe(2);
    expect(bench.slots).toHaveLength(200);
  });
});
