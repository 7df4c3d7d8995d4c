import fc from 'fast-check';
import { noon } from './hand-time.suite.ts';
import { admitted, opened, rows, worstSecond, type PartitionBench } from './partition-bench.suite.ts';

const uniqueRows = (bench: PartitionBench): number => new Set(bench.slots().map(({ request }) => request.requestId)).size;

describe('a takeover', () => {
  it.each(['before', 'after'] as const)(
    'after a commit whose end is unknown (lost %s it happened) grants none twice and loses none',
    async (when) => {
      const bench = await opened();
      await bench.append(...rows(1, 300));
      await bench.time.advance(500);
      bench.crashNext(when);
      await bench.time.advance(500);
      const before = bench.slots().length;
      await bench.time.advance(1_000);
      expect(bench.slots()).toHaveLength(before);
      await bench.open();
      await bench.time.advance(6_000);
      expect(bench.slots()).toHaveLength(300);
      expect(uniqueRows(bench)).toBe(300);
      expect(new Set(bench.slots().map(({ number }) => number)).size).toBe(300);
      expect(worstSecond(bench.slots().map(({ slotAt }) => slotAt))).toBeLessThanOrEqual(100);
      expect(bench.committed).toBe(300);
      expect(bench.failures).toEqual([]);
    },
  );

  it('skips what was released above the committed offset', async () => {
    const bench = await opened();
    await bench.append(admitted(1, { notBefore: noon + 20_000_000 }), ...rows(2, 50));
    await bench.time.advance(1_000);
    expect(bench.committed).toBe(0);
    await bench.open();
    await bench.time.advance(25_000);
    expect(bench.slots()).toHaveLength(50);
    expect(uniqueRows(bench)).toBe(50);
    expect(bench.committed).toBe(50);
  });

  it('at random instants leaves every row exactly one slot and every second within the limit', async () => {
    const fault = fc.record({
      at: fc.integer({ min: 0, max: 900 }),
      when: fc.constantFrom('before', 'after', 'kill'),
      away: fc.integer({ min: 0, max: 1_500 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { maxLength: 6 }), fc.integer({ min: 0, max: 160 }), async (faults, commitMs) => {
        const bench = await opened();
        bench.commitMs = commitMs;
        await bench.append(...rows(1, 120), ...rows(1, 60, { batchId: 'b', notBefore: noon + 2_000_000 }));
        for (const { at, when, away } of faults) {
          await bench.time.advance(at);
          if (when !== 'kill') bench.crashNext(when);
          await bench.time.advance(when === 'kill' ? 0 : 250);
          await bench.open();
          await bench.time.advance(away);
        }
        await bench.open();
        await bench.time.advance(15_000);
        expect(bench.slots()).toHaveLength(180);
        expect(uniqueRows(bench)).toBe(180);
        expect(worstSecond(bench.slots().map(({ slotAt }) => slotAt))).toBeLessThanOrEqual(100);
      }),
      { numRuns: 40 },
    );
  });

  it('ends quietly: a closed task grants nothing more and leaves no timer', async () => {
    const bench = await opened();
    await bench.append(...rows(1, 500));
    await bench.time.advance(300);
    const before = bench.slots().length;
    await bench.close();
    await bench.time.advance(5_000);
    expect(bench.slots()).toHaveLength(before);
    expect(bench.time.armed).toBe(0);
  });
});
