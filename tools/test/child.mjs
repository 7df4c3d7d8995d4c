// The process of the tier that runs: on the packages' own commands, ended with us.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '../source-command.mjs';

const bin = join(workspaceRoot, 'node_modules', '.bin');
const baseEnv = { ...process.env, PATH: `${bin}:${process.env.PATH}`, NX_DAEMON: 'false', FORCE_COLOR: '0' };

let running = null;

/** Starts one at the root of the workspace; a signal to the test run is passed on to the one that was started last. */
export function start([file, ...args], { env = {}, stdio = 'inherit' } = {}) {
  running = spawn(file, args, { cwd: workspaceRoot, env: { ...baseEnv, ...env }, stdio });
  return running;
}

/** Resolves with the exit code; `endsAfter` is the file that is written last. */
export async function run(command, { env = {}, endsAfter = null } = {}) {
  const child = start(command, { env });
  const watch = endsAfter === null ? null : endHanging(child, endsAfter);
  const [code, signal] = await once(child, 'exit');
  running = null;
  clearInterval(watch);
  return signal === null ? code : 1;
}

/** A runner that has written its results and does not end left something open: that is a failure, not a wait. */
function endHanging(child, resultsFile) {
  let writtenAt = null;
  return setInterval(() => {
    if (writtenAt === null && existsSync(resultsFile)) writtenAt = performance.now();
    if (writtenAt === null || performance.now() - writtenAt < 20_000) return;
    console.error('the runner did not end 20 s after its last test: something was left open');
    child.kill('SIGKILL');
  }, 1_000);
}

export function endWithUs() {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (running?.kill(signal), process.exit(130)));
}
