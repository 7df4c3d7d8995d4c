// How sources are run without a build: the one place that knows the flags. Imports nothing but Node, runs on bare Node 20.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const workspaceRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node that npm brought, or the one we run on where npm brought none. */
export function nodePath() {
  const bundled = join(workspaceRoot, 'node_modules', '.bin', 'node');
  return existsSync(bundled) ? bundled : process.execPath;
}

/** Node's flags for running sources; `preloads`, relative to the root, are loaded first and may be sources too. */
export function sourceFlags(preloads = []) {
  const imports = ['tools/swc-hook.mjs', ...preloads].flatMap((path) => ['--import', pathToFileURL(join(workspaceRoot, path)).href]);
  return ['-C', '@paceline/source', ...imports];
}

/** The command that runs `entry`, relative to the root, without a process in between. */
export function sourceCommand(entry, nodeFlags = [], preloads = []) {
  return [nodePath(), ...nodeFlags, ...sourceFlags(preloads), join(workspaceRoot, entry)];
}
