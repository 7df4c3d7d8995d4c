// `npm start` from a bare checkout: no dependencies, runs on Node 20. Installs what the lockfile names, applies the patches,
// then hands over to the command line on the Node that was installed. `--setup-only` stops before the hand-over.
import { handOver } from './start/hand-over.mjs';
import { flagsOf } from './start/npm-flags.mjs';
import { requireServers } from './start/requirements.mjs';
import { fail } from './start/setup-error.mjs';
import { setup } from './start/setup.mjs';

function main() {
  const setupOnly = process.argv.includes('--setup-only');
  const args = setupOnly ? [] : flagsOf(process.argv.slice(2), process.env);
  if (!setupOnly) requireServers();
  setup();
  if (!setupOnly) handOver(args);
}

try {
  main();
} catch (error) {
  fail(error);
}
