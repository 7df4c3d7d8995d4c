// Writes docs/reference from the code, so that no page can say something else than the code does.
// node tools/run.mjs tools/generate-reference.mjs [--check]
// `--check` writes nothing and exits 1, naming every stale page.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { settingsJsonSchema } from '../libs/runtime/src/index.ts';
import { cliPage } from './reference/cli-page.mjs';
import { environmentPage } from './reference/environment-page.mjs';
import { errorTablePage } from './reference/error-table-page.mjs';
import { eventsPage } from './reference/events-page.mjs';
import { settingsPage } from './reference/settings-page.mjs';
import { topicsPage } from './reference/topics-page.mjs';
import { workspaceRoot } from './source-command.mjs';

const target = join(workspaceRoot, 'docs', 'reference');
const isCheck = process.argv.includes('--check');
const pages = {
  'settings.md': settingsPage(),
  'schemas/settings.schema.json': `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`,
  'environment.md': environmentPage(),
  'topics.md': topicsPage(),
  'events.md': eventsPage(),
  'error-table.md': errorTablePage(),
  'cli.md': await cliPage(),
};

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

function write(name, text) {
  const path = join(target, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const stale = Object.entries(pages).filter(([name, text]) => read(join(target, name)) !== text);
if (!isCheck) for (const [name, text] of stale) write(name, text);
const where = relative(process.cwd(), target);
for (const [name] of stale) console.log(`${isCheck ? 'stale' : 'written'}: ${where}/${name}`);
if (stale.length === 0) console.log('docs/reference is what the code says');
else if (isCheck) console.log('run `npm run generate:reference`');
process.exitCode = isCheck && stale.length > 0 ? 1 : 0;
