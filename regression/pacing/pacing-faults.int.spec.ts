// Pacer and sender under faults, on real parts and three brokers: the pace is never exceeded, no right is used twice, no row is lost.
import { accountAt } from './bench-accounts.ts';
import { brokerFaults } from './broker-faults.ts';
import { shortFaults } from './faults.ts';
import { PacingBench } from './pacing-bench.ts';
import { runFault, wholeVerdict } from './run-fault.ts';

/** Far above what a fault takes: the services start again on whatever else the machine does. */
const mostMs = 300_000;
const faults = [...shortFaults, ...brokerFaults.filter(({ longOnly }) => longOnly !== true)];
const accounts = [accountAt(0, 50), accountAt(1, 50), accountAt(2, 50), accountAt(3, 50, 5)];

describe('pace, rights and rows hold while', () => {
  let bench: PacingBench;
  beforeAll(async () => {
    bench = await PacingBench.create({ accounts, brokers: 3 });
  }, mostMs);
  afterAll(() => bench.dispose(), 60_000);

  it.each(faults.map((fault) => [fault.title, fault] as const))(
    '%s',
    async (_, fault) => {
      const { violations, measures } = await runFault(bench, fault, { round: 0, form: 'short' });
      expect({ violations, closed: Object.values(measures.outcomes).reduce((sum, n) => sum + n, 0) }).toEqual({
        violations: [],
        closed: measures.rows,
      });
    },
    mostMs,
  );

  it('and over all of it together', async () => {
    const { violations } = await wholeVerdict(bench);
    expect(violations).toEqual([]);
  });
});
