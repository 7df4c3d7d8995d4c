// The long form of the kill matrix: 20 kills at each label of each service, 1,000 at random instants.
import { invariants } from './invariants.ts';
import { longPlan, longRounds } from './kill-plans.ts';
import { runKills } from './kill-run.ts';

const nothing = Object.fromEntries(Object.keys(invariants).map((name) => [name, []]));
const first = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['CHAOS_ROUNDS'] ?? longRounds);

it.each(Array.from({ length: rounds }, (_, round) => first + round))(
  'I1 to I6 hold through kills at every label and at random, seed %i',
  async (seed) => {
    const { verdict, surprises } = await runKills(longPlan(seed, (line) => process.stderr.write(`${line}\n`)));
    expect({ surprises, violations: verdict.violations, lost: verdict.lost, doubled: verdict.doubled }).toEqual({
      surprises: [],
      violations: nothing,
      lost: 0,
      doubled: 0,
    });
  },
  1_200_000,
);
