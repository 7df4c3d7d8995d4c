// Where the sources are and how a TypeScript entry of them is run.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'tools', 'swc-hook.mjs'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the local stack runs from a checkout of Paceline only');
    folder = parent;
  }
  return folder;
}

export const workspaceRoot = findRoot();

/** The Node that npm brought, or the one we run on where npm brought none. */
export function nodePath(): string {
  const bundled = join(workspaceRoot, 'node_modules', '.bin', 'node');
  return existsSync(bundled) ? bundled : process.execPath;
}

/** `entry` and `preloads` are relative to the root of the workspace; the latter are loaded first, and may be sources too. */
export function sourceCommand(entry: string, nodeFlags: readonly string[] = [], preloads: readonly string[] = []): string[] {
  const imports = ['tools/swc-hook.mjs', ...preloads].flatMap((path) => ['--import', join(workspaceRoot, path)]);
  return [nodePath(), ...nodeFlags, '-C', '@paceline/source', ...imports, join(workspaceRoot, entry)];
}
