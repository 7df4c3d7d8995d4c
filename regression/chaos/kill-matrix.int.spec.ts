// kill -9 of the sender at each label, and of any service at random instants: nothing is lost, nothing is called twice.
import { invariants } from './invariants.ts';
import { quickPlan } from './kill-plans.ts';
import { runKills } from './kill-run.ts';

const nothing = Object.fromEntries(Object.keys(invariants).map((name) => [name, []]));

it('I1 to I6 hold through a kill at each label and at random instants', async () => {
  const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);
  const plan = quickPlan(seed, (line) => process.stderr.write(`${line}\n`));
  const { verdict, surprises, recoveries } = await runKills(plan);
  expect({ seed, surprises, violations: verdict.violations, lost: verdict.lost, doubled: verdict.doubled }).toEqual({
    seed,
    surprises: [],
    violations: nothing,
    lost: 0,
    doubled: 0,
  });
  expect(recoveries.length).toBeGreaterThanOrEqual(plan.targets.length + plan.randomKills);
}, 360_000);
