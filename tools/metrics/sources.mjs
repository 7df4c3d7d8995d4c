// Which files count as what. Read from the disk, not from Git, so that a change counts before it is committed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folders = ['apps', 'libs', 'tools', 'e2e', 'regression', 'deploy', 'benchmarks'];
const notOurs = new Set(['node_modules', 'dist', 'coverage', 'generated', 'results']);

const isSource = (name) => /\.(ts|mjs)$/.test(name) && !/\.d\.m?ts$|\.config\.mjs$/.test(name);
const isUnder = (path, ...parents) => parents.some((parent) => path.startsWith(`${parent}/`));

/** What only tests use: specs, suites, `libs/testing`, and every folder named `test` but the tool that runs the tests. */
const isTest = (path) => /\.(spec|suite)\.ts$|^libs\/testing\/|^(apps|libs|deploy|tools\/local)\/(.*\/)?test\//.test(path);

const kindOf = (path) => {
  if (isUnder(path, 'benchmarks')) return 'bench';
  if (isUnder(path, 'e2e', 'regression') || isTest(path)) return 'test';
  return isUnder(path, 'apps', 'libs') ? 'production' : 'tools';
};

function* pathsUnder(root, folder) {
  if (!existsSync(join(root, folder))) return;
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !notOurs.has(entry.name)) yield* pathsUnder(root, path);
    else if (entry.isFile() && isSource(entry.name)) yield path;
  }
}

/** Every hand-written source of a checkout, sorted by path: `{ path, kind, lines }`. */
export function sourcesOf(root) {
  const paths = folders.flatMap((folder) => [...pathsUnder(root, folder)]).sort();
  return paths.map((path) => ({ path, kind: kindOf(path), lines: linesOf(readFileSync(join(root, path), 'utf8')) }));
}

const linesOf = (text) => text.replace(/\n$/, '').split('\n');

export const lineCount = (files) => files.reduce((sum, { lines }) => sum + lines.length, 0);
