// Installs what the lockfile names and applies the patches.
import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '../source-command.mjs';
import { installed, isSame, modules, remember, wantedNow } from './installed.mjs';
import { withoutOurFlags } from './npm-flags.mjs';
import { requirePlatform } from './requirements.mjs';
import { SetupError } from './setup-error.mjs';
import { setupLockOf, withSetupLock } from './setup-lock.mjs';

const packagesMb = 1_200;
const engineMb = 543;

/** Makes node_modules what the lockfile and the patches say; does nothing when it is so already. One at a time in a checkout. */
export function setup(print = console.log) {
  requirePlatform();
  if (isSame(installed(), wantedNow())) return;
  withSetupLock(
    setupLockOf(workspaceRoot),
    () => makeModules(print),
    (pid) => print(`another start (process ${pid}) is setting up this checkout: waiting for it`),
  );
}

/** Looks again: whoever held the lock before may have done it all. */
function makeModules(print) {
  const wanted = wantedNow();
  const present = installed();
  // Patches that changed go onto fresh packages only.
  if (present === null || (present.patches !== null && present.patches !== wanted.patches)) {
    install(print);
    applyPatches(wanted.patches);
  } else if (present.patches === null) {
    applyPatches(wanted.patches);
  }
  if (!isSame(present, wanted)) remember(wanted);
}

function install(print) {
  requireDisk(print);
  const npm = process.env.npm_execpath;
  const [file, first] = npm !== undefined && /\.c?js$/.test(npm) ? [process.execPath, [npm]] : ['npm', []];
  // Development packages hold the compiler, the engine and the patches' tool; they are wanted whatever NODE_ENV says.
  const args = [...first, 'ci', '--ignore-scripts', '--include=dev', '--include=optional'];
  const begin = performance.now();
  const { status, error } = spawnSync(file, args, { cwd: workspaceRoot, stdio: ['ignore', 2, 2], env: withoutOurFlags(process.env) });
  if (status !== 0) throw new SetupError(`npm ci did not succeed${error === undefined ? '' : `: ${error.message}`}; see its output above.`);
  print(`installed in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
}

function requireDisk(print) {
  const { bavail, bsize } = statfsSync(workspaceRoot);
  const freeMb = Math.round((bavail * bsize) / 1e6);
  if (freeMb < packagesMb * 1.5)
    throw new SetupError(`${freeMb} MB are free at ${workspaceRoot}: installing needs about ${Math.round(packagesMb * 1.5)} MB.`);
  print(`to download: npm packages, about ${packagesMb} MB unpacked (the ClickHouse engine is ${engineMb} MB of it), to ${modules}`);
  print(
    `disk: ${freeMb} MB free; memory: ${Math.round(totalmem() / 1e6)} MB in all, ${Math.round(freemem() / 1e6)} MB free, about 3000 MB needed`,
  );
}

function applyPatches(hash) {
  if (hash === 'none') return;
  const tool = join(modules, 'patch-package', 'index.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool], { cwd: workspaceRoot, encoding: 'utf8' });
  if (status !== 0) throw new SetupError(`the patches do not apply; delete node_modules and start again:\n${stdout}${stderr}`);
}
