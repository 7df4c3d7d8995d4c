// Every fault of pacer and sender twenty times, each at another instant: the same judge, and its figures on record.
// PACING_ROUNDS: how often each. PACING_BROKERS: three, with what can happen to them, unless one is asked for. PACING_KEEP: a file that keeps what has ended, so that a run cut off goes on.
import { accountAt } from '../../regression/pacing/bench-accounts.ts';
import { brokerFaults } from '../../regression/pacing/broker-faults.ts';
import type { Fault } from '../../regression/pacing/fault-tools.ts';
import { faults as commonFaults } from '../../regression/pacing/faults.ts';
import { PacingBench } from '../../regression/pacing/pacing-bench.ts';
import { runFault, summaryOf, tableOf, wholeVerdict, type FaultSummary } from '../../regression/pacing/run-fault.ts';
import { KeptSummaries, type RunSummary } from './kept-summaries.ts';
import { publish } from './pacing-results.ts';

const rounds = Number(process.env['PACING_ROUNDS'] ?? 20);
const brokers = process.env['PACING_BROKERS'] === '1' ? 1 : 3;
const faults = brokers === 1 ? commonFaults : [...commonFaults, ...brokerFaults];
const accounts = [accountAt(0, 50), accountAt(1, 50), accountAt(2, 50), accountAt(3, 50, 5)];

const howToRead = `All parts are real: Kafka (${brokers === 1 ? 'one broker' : 'three brokers, three replicas of everything, two in sync'}), schema registry, pacers, senders, error-router and simulator, each a process of its own; four accounts at 50/s, one of them with five lanes at 1 and 4 segments/s. Each round injects the fault at another instant.
The judge reads the simulator's ledger and the log, never a counter of the product. A *violation* is a slot over the limit in any sliding second, more arrivals than \`limit x (1 + (late tolerance + j) / 1 s) + 2\` (j: p99.9 from write to arrival),
a request granted or called twice, a row without exactly one outcome, an answer on record beside an outcome \`unknown\`, or an account without a fault that stands still. The *fullest second* is in percent of what it may hold.
*Unknown*: a call that may have been made and whose answer is not on record; never made again by us, and never lost silently.

\`PACING_BROKERS=${brokers} PACING_ROUNDS=${rounds} npm run test:long\` runs it; \`PACING_KEEP=FILE\` goes on where a run was cut off, for faults whose services (\`apps\`, \`libs\`) have not changed since: hence the column *commit*.`;

async function roundsOf(fault: Fault): Promise<FaultSummary> {
  const bench = await PacingBench.create({ accounts, brokers });
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
      name: brokers === 1 ? 'pacing-faults' : 'pacing-faults-three-brokers',
      title: `Pacer and sender under faults${brokers === 1 ? '' : ' on three brokers'}, ${rounds} times each`,
      figures: { rounds, faults: summaries },
      text: `${tableOf(summaries)}\n\n${howToRead}`,
    }),
  );

  it.each(faults.map((fault) => [fault.title, fault] as const))('%s', async (title, fault) => {
    const summary = kept.of(title) ?? kept.keep(await roundsOf(fault));
    summaries.push(summary);
    expect(summary.violations).toEqual([]);
  });
});
