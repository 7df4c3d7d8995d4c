// Every fault of pacer and sender twenty times, each at another instant: the same judge, and its figures on record.
import { accountAt } from '../../regression/pacing/bench-accounts.ts';
import { faults } from '../../regression/pacing/faults.ts';
import { PacingBench } from '../../regression/pacing/pacing-bench.ts';
import { runFault, summaryOf, tableOf, wholeVerdict, type FaultSummary } from '../../regression/pacing/run-fault.ts';
import { publish } from './pacing-results.ts';

const rounds = Number(process.env['PACING_ROUNDS'] ?? 20);
const accounts = [accountAt(0, 50), accountAt(1, 50), accountAt(2, 50), accountAt(3, 50, 5)];

describe(`pace, rights and rows hold while, ${rounds} times,`, () => {
  const summaries: FaultSummary[] = [];
  let bench: PacingBench;
  beforeEach(async () => {
    bench = await PacingBench.create({ accounts });
  }, 120_000);
  afterEach(() => bench.dispose(), 60_000);
  afterAll(() =>
    publish({
      name: 'pacing-faults',
      title: `Pacer and sender under faults, ${rounds} times each`,
      figures: { rounds, faults: summaries },
      text: tableOf(summaries),
    }),
  );

  it.each(faults.map((fault) => [fault.title, fault] as const))('%s', async (title, fault) => {
    const violations: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const verdict = await runFault(bench, fault, { round, form: 'long' });
      violations.push(...verdict.violations.map((violation) => `round ${round}: ${violation}`));
    }
    const whole = await wholeVerdict(bench);
    violations.push(...whole.violations.map((violation) => `whole: ${violation}`));
    summaries.push(summaryOf(title, { violations, measures: whole.measures }));
    expect(violations).toEqual([]);
  });
});
