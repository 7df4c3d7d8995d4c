// Every fault of pacer and sender twenty times, each at another instant: the same judge, and its figures on record.
// PACING_ROUNDS: how often each. PACING_KEEP: a file that keeps what has ended, so that a run cut off goes on.
import { accountAt } from '../../regression/pacing/bench-accounts.ts';
import type { Fault } from '../../regression/pacing/fault-tools.ts';
import { faults } from '../../regression/pacing/faults.ts';
import { PacingBench } from '../../regression/pacing/pacing-bench.ts';
import { runFault, summaryOf, tableOf, wholeVerdict, type FaultSummary } from '../../regression/pacing/run-fault.ts';
import { KeptSummaries, type RunSummary } from './kept-summaries.ts';
import { publish } from './pacing-results.ts';

const rounds = Number(process.env['PACING_ROUNDS'] ?? 20);
const accounts = [accountAt(0, 50), accountAt(1, 50), accountAt(2, 50), accountAt(3, 50, 5)];

async function roundsOf(fault: Fault): Promise<FaultSummary> {
  const bench = await PacingBench.create({ accounts });
  try {
    const violations: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const verdict = await runFault(bench, fault, { round, form: 'long' });
      violations.push(...verdict.violations.map((violation) => `round ${round}: ${violation}`));
    }
    const whole = await wholeVerdict(bench);
    violations.push(...whole.violations.map((violation) => `whole: ${violation}`));
    return summaryOf(fault.title, { violations, measures: whole.measures });
  } finally {
    await bench.dispose();
  }
}

describe(`pace, rights and rows hold while, ${rounds} times,`, () => {
  const kept = new KeptSummaries(process.env['PACING_KEEP'] ?? null, rounds);
  const summaries: RunSummary[] = [];
  afterAll(() =>
    publish({
      name: 'pacing-faults',
      title: `Pacer and sender under faults, ${rounds} times each`,
      figures: { rounds, faults: summaries },
      text: tableOf(summaries),
    }),
  );

  it.each(faults.map((fault) => [fault.title, fault] as const))('%s', async (title, fault) => {
    const summary = kept.of(title) ?? kept.keep(await roundsOf(fault));
    summaries.push(summary);
    expect(summary.violations).toEqual([]);
  });
});
