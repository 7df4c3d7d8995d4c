// What is tested, in this order. A tier is told nothing and resolves with whether it passed.
import { run } from './child.mjs';
import { runJest } from './jest-tier.mjs';
import { onStack } from './stack.mjs';
import { countCheck } from './total.mjs';

/** A check that passes or fails as a whole: the first command that fails is the last. */
const check =
  (...commands) =>
  async () => {
    for (const command of commands) if ((await run(command)) !== 0) return countCheck(false);
    return countCheck(true);
  };

const folders = ['apps', 'libs', 'tools', 'regression', 'e2e', 'benchmarks/src', 'deploy', '.github'];

export const tiers = {
  format: check(['prettier', '--check', '--log-level=warn', ...folders, 'docker-compose.yml', '*.mjs', '*.json']),
  generated: check(['node', 'tools/generate-contracts.mjs', '--check']),
  reference: check(['node', 'tools/run.mjs', 'tools/generate-reference.mjs', '--check']),
  graph: check(['nx', 'show', 'projects']),
  lint: check(['eslint', '.', '--max-warnings=0']),
  types: check(['tsc', '-p', 'tsconfig.json']),
  unit: () => runJest('unit'),
  integration: () => onStack((env) => runJest('integration', env)),
  e2e: () => runJest('e2e'),
  long: () => runJest('long'),
};

/** Hours of work: only when asked for by name. */
const onlyWhenAsked = ['long'];

/** The tiers to run; null, after a word about it, when one of those asked for does not exist. */
export function wanted(asked) {
  const unknown = asked.filter((name) => !(name in tiers));
  if (unknown.length > 0) {
    console.error(`no such tier: ${unknown.join(', ')}; there are ${Object.keys(tiers).join(', ')}`);
    return null;
  }
  return asked.length > 0 ? asked : Object.keys(tiers).filter((tier) => !onlyWhenAsked.includes(tier));
}
