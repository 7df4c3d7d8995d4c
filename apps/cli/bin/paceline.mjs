#!/usr/bin/env node
// `paceline`: runs the command line on the Node that the project pins, from sources or from the build.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodePath, sourceCommand, workspaceRoot } from '../../../tools/source-command.mjs';

const source = 'apps/cli/src/main.ts';
const built = join(workspaceRoot, 'apps/cli/dist/main.js');
const isCheckout = existsSync(join(workspaceRoot, source));
const [node, ...args] = isCheckout ? sourceCommand(source) : [nodePath(), '--enable-source-maps', built];
const child = spawn(node, [...args, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
