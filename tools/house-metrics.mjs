// Figures about the code itself, as a table: `npm run metrics`, or `node tools/house-metrics.mjs FOLDER` for another
// checkout. `--pairs` and `--chain` list what two of the figures count. Runs on bare Node 20, without packages.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { longestChain } from './metrics/import-levels.mjs';
import { likePairs } from './metrics/like-lines.mjs';
import { missingSteps, stepsOf } from './metrics/row-walk.mjs';
import { lineCount, sourcesOf } from './metrics/sources.mjs';
import { workspaceRoot } from './source-command.mjs';

const args = process.argv.slice(2);
const root = resolve(args.find((word) => !word.startsWith('--')) ?? workspaceRoot);
const pacingFolder = 'libs/domain/src/pacing';

const sources = sourcesOf(root);
const production = sources.filter(({ kind }) => kind === 'production');
const pacing = production.filter(({ path }) => path.startsWith(`${pacingFolder}/`));
const chain = longestChain(pacing);
const pairs = likePairs(sources);

function sizeRows() {
  const kinds = {
    production: 'apps and libs without specs, suites, test folders, libs/testing and generated code',
    test: 'specs, suites, test folders, libs/testing, e2e, regression',
    bench: 'benchmarks',
    tools: 'tools and deploy without what tests them',
  };
  return Object.entries(kinds).map(([kind, what]) => {
    const files = sources.filter((file) => file.kind === kind);
    return [kind, `${lineCount(files)} lines, ${files.length} files`, what];
  });
}

function folderRows() {
  const folderOf = ({ path }) => path.slice(0, path.lastIndexOf('/'));
  const folders = [...new Set(pacing.map(folderOf))].sort();
  const row = (folder, files, what) => [folder, `${files.length} files, ${lineCount(files)} lines`, what];
  const each = folders.map((folder) =>
    row(
      `  ${folder.slice('libs/'.length)}`,
      pacing.filter((file) => folderOf(file) === folder),
      'of these',
    ),
  );
  return [row('pacing', pacing, `production files under ${pacingFolder}`), ...(each.length > 1 ? each : [])];
}

function pairRows() {
  const kindOf = new Map(sources.map(({ path, kind }) => [path, kind]));
  const isProduction = (place) => kindOf.get(place.slice(0, place.lastIndexOf(':'))) === 'production';
  const inside = pairs.filter(({ one, other }) => isProduction(one) && isProduction(other));
  return [
    ['like lines, production', `${inside.length} pairs`, 'two places with six or more lines alike but for white space'],
    ['like lines, everywhere', `${pairs.length} pairs`, 'with tests, benches and tools'],
  ];
}

function walkRows() {
  const own = join(root, 'tools', 'row-walk.json');
  const all = stepsOf(existsSync(own) ? own : join(workspaceRoot, 'tools', 'row-walk.json'));
  const missing = missingSteps(root, all);
  for (const { path, name } of missing) console.error(`row-walk.json: ${path} has no ${name}`);
  if (missing.length > 0) process.exitCode = 1;
  const steps = all.filter((step) => !missing.includes(step));
  const figure = (some) => `${some.length} functions, ${new Set(some.map(({ path }) => path)).size} files`;
  return [
    ["a row's walk", figure(steps.filter(({ leg }) => leg !== 'log')), 'from the file to the POST, by tools/row-walk.json'],
    ['  and through the log', figure(steps), 'with what writes and reads the log between the services'],
  ];
}

const rows = [
  ...sizeRows(),
  ...folderRows(),
  ['levels of pacing', `${chain.length} files`, 'the longest chain of imports among them, types included'],
  ...pairRows(),
  ...walkRows(),
];
const widthOf = (column) => Math.max(...rows.map((row) => row[column].length));
const [first, second] = [widthOf(0), widthOf(1)];
for (const [what, figure, means] of rows) console.log(`${what.padEnd(first)}  ${figure.padEnd(second)}  ${means}`);
if (args.includes('--chain')) console.log(`\n${chain.join('\n')}`);
if (args.includes('--pairs')) for (const { one, other, length } of pairs) console.log(`${length} lines: ${one} ${other}`);
