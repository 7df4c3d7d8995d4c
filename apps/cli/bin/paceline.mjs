#!/usr/bin/env node
// `paceline`: runs the command line on the Node that the project pins, from sources or from the build.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const pinned = `${root}node_modules/.bin/node`;
const built = `${root}apps/cli/dist/main.js`;
const args = existsSync(`${root}tools/swc-hook.mjs`)
  ? ['-C', '@paceline/source', '--import', `${root}tools/swc-hook.mjs`, `${root}apps/cli/src/main.ts`]
  : ['--enable-source-maps', built];
const child = spawn(existsSync(pinned) ? pinned : process.execPath, [...args, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
