// Builds every project of the workspace into its `dist`: `tsc -b` over one configuration for each, made here from its
// package.json and never kept in the repository. Arguments are passed on: `npm run build -- --force`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './source-command.mjs';

const configs = join(workspaceRoot, 'node_modules', '.cache', 'build');
const configOf = (name) => join(configs, `${name.replace('@paceline/', '')}.json`);
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** The folders that the workspaces' patterns name: each ends with a star for one level. */
function projectFolders() {
  const parents = manifestOf(workspaceRoot).workspaces.map((pattern) => join(workspaceRoot, pattern.replace('/*', '')));
  const folders = parents.flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)));
  return folders.filter((folder) => existsSync(join(folder, 'package.json')));
}

function configFor(folder, dependencies) {
  return {
    extends: join(workspaceRoot, 'tsconfig.base.json'),
    compilerOptions: {
      composite: true,
      rootDir: join(folder, 'src'),
      outDir: join(folder, 'dist'),
      tsBuildInfoFile: join(folder, 'dist', 'build.tsbuildinfo'),
    },
    include: [join(folder, 'src/**/*.ts')],
    exclude: ['spec', 'suite'].map((role) => join(folder, `src/**/*.${role}.ts`)),
    references: dependencies.map((name) => ({ path: configOf(name) })),
  };
}

/** A configuration that is younger than what was built from it would have everything built again. */
function writeChanged(path, text) {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

mkdirSync(configs, { recursive: true });
const projects = projectFolders().map((folder) => ({ folder, ...manifestOf(folder) }));
const names = projects.map(({ name }) => name);
for (const { folder, name, dependencies = {} } of projects) {
  const own = Object.keys(dependencies).filter((dependency) => names.includes(dependency));
  writeChanged(configOf(name), `${JSON.stringify(configFor(folder, own), null, 2)}\n`);
}
const tsc = join(workspaceRoot, 'node_modules', 'typescript', 'bin', 'tsc');
const command = [tsc, '-b', ...names.map(configOf), ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, command, { cwd: workspaceRoot, stdio: 'inherit' });
process.exitCode = status ?? 1;
