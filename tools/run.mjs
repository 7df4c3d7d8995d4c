// Runs a source without a build: `node tools/run.mjs apps/cli/src/main.ts --help`, the path relative to where it is called.
// This process becomes that one, so that signals, exit code and memory are the program's own; Node's flags are handed on.
import { resolve } from 'node:path';
import { nodePath, sourceFlags } from './source-command.mjs';

const [entry, ...args] = process.argv.slice(2);

if (entry === undefined) {
  console.error('usage: node tools/run.mjs FILE [ARGUMENT...]');
  process.exitCode = 2;
} else if (process.execve === undefined) {
  console.error(`Node 24 is needed (this is ${process.version}): use npm run, or node_modules/.bin/node tools/run.mjs`);
  process.exitCode = 1;
} else {
  const node = nodePath();
  process.execve(node, [node, ...process.execArgv, ...sourceFlags(), resolve(entry), ...args], process.env);
}
