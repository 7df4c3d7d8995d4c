// The command line takes over: its signals and its end are ours.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { sourceFlags, workspaceRoot } from '../source-command.mjs';
import { withoutOurFlags } from './npm-flags.mjs';
import { runtimeNode } from './requirements.mjs';
import { fail, SetupError } from './setup-error.mjs';

export function handOver(args) {
  const command = [...sourceFlags(), join(workspaceRoot, 'apps', 'cli', 'src', 'main.ts'), 'up', ...args];
  const child = spawn(runtimeNode(), command, { stdio: 'inherit', env: withoutOurFlags(process.env) });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
  if (process.env.npm_lifecycle_event !== undefined) followParent(() => child.kill('SIGTERM'));
  // At a terminal Ctrl-C reaches the child by itself; a second one would mean "now".
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  child.on('error', (error) => fail(new SetupError(`${child.spawnfile} cannot be started: ${error.message}`)));
  child.on('exit', (code, signal) => (signal === null ? process.exit(code) : endBy(signal)));
}

/** npm that is told to end takes its shell along and leaves us behind: then everything we started has to end too. */
function followParent(end) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, 300).unref();
}

function endBy(signal) {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
