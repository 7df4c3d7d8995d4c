// Claims that are answered soon are never stored, and are read again by whoever takes over: no order of crashes, takeovers
// and late or repeated answers may lose one of them, decide it twice, or call it unknown while its answer is on record.
import { earlyKeptMs } from '@paceline/domain/routing';
import { OpeningLost } from '@paceline/pipeline';
import fc from 'fast-check';
import { Bench, claimRecord, horizonMs, responseRecord, type Delivered } from './router-bench.suite.ts';

let bench: Bench;

/** Steps that a partition may live through, in any order. */
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant({ kind: 'claim' as const }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), which: fc.nat() }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('deliver' as const),
        topic: fc.constantFrom<Delivered>('paceline.attempts', 'paceline.responses'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('crash' as const), when: fc.constantFrom<'before' | 'after'>('before', 'after') }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'takeover' as const }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 2 * horizonMs }) }) },
  ),
  { maxLength: 80 },
);

/** Goes on as the next owner does when an opening was lost. */
async function deliver(...topics: readonly Delivered[]): Promise<void> {
  try {
    await bench.deliver(...topics);
  } catch (error) {
    if (!(error instanceof OpeningLost)) throw error;
    await bench.takeover();
  }
}

test('every claim gets one outcome, whatever is killed, lost, late or answered twice', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      bench = new Bench();
      let claims = 0;
      const answeredInTime = new Set<number>();
      for (const step of all) {
        if (step.kind === 'claim') bench.log.append('paceline.attempts', claimRecord((claims += 1)));
        else if (step.kind === 'crash') bench.log.crashNext(step.when);
        else if (step.kind === 'takeover') await bench.takeover();
        else if (step.kind === 'pass') await bench.pass(step.ms);
        else if (step.kind === 'deliver') await deliver(step.topic);
        else if (claims > 0) {
          const attempt = 1 + (step.which % claims);
          if (!bench.closings().some(({ attempts }) => attempts === attempt)) answeredInTime.add(attempt);
          bench.log.append('paceline.responses', responseRecord({ attemptId: `r1#${attempt}`, attempt }));
        }
      }
      for (let round = 0; round < 3; round += 1) {
        await bench.takeover();
        await deliver('paceline.attempts', 'paceline.responses');
      }
      await bench.pass(2 * horizonMs);
      await bench.takeover();
      await deliver('paceline.attempts', 'paceline.responses');
      await bench.pass(earlyKeptMs);
      const closings = bench.closings().toSorted((a, b) => a.attempts - b.attempts);
      expect(closings.map(({ attempts, outcome }) => [attempts, outcome])).toEqual(
        Array.from({ length: claims }, (_, n) => [n + 1, answeredInTime.has(n + 1) ? 'accepted' : 'unknown']),
      );
      expect(bench.failures).toEqual([]);
      expect(bench.stored()).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
