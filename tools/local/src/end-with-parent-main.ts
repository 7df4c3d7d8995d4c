// Arguments: a folder, and the pid of the process that started a stack in it. Waits until standard input ends, then kills
// what run.json names, unless another start has taken the folder over. See end-with-us.ts.
import { once } from 'node:events';
import { killProcess } from './pids.ts';
import { readRunFile } from './run-file.ts';

const [folder = '', parent = ''] = process.argv.slice(2);
await once(process.stdin.resume(), 'end');
const run = await readRunFile(folder);
const ours = run?.supervisor?.pid === Number(parent);
await Promise.all(ours ? run.processes.map(killProcess) : []);
