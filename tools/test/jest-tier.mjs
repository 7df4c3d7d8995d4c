// A tier of specs: jest's own report says how it went.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../source-command.mjs';
import { run } from './child.mjs';
import { countCheck, countReport } from './total.mjs';

export const results = join(workspaceRoot, 'test-results');

/** Runs `jest.<name>.config.mjs`; JUnit XML and jest's JSON stay in test-results/. */
export async function runJest(name, env = {}) {
  const file = join(results, `${name}.json`);
  const args = ['-c', `jest.${name}.config.mjs`, '--json', `--outputFile=${file}`, '--reporters=default', '--reporters=jest-junit'];
  rmSync(file, { force: true });
  const code = await run(['jest', ...args], {
    endsAfter: file,
    env: {
      NODE_OPTIONS: '--experimental-vm-modules --no-warnings=ExperimentalWarning',
      JEST_JUNIT_OUTPUT_DIR: results,
      JEST_JUNIT_OUTPUT_NAME: `${name}.xml`,
      JEST_JUNIT_SUITE_NAME: name,
      ...env,
    },
  });
  if (!existsSync(file)) return countCheck(false);
  countReport(JSON.parse(readFileSync(file, 'utf8')), code);
  return code === 0;
}
