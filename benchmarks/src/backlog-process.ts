// A case in a process of its own: its memory is nobody else's.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BacklogCase, CaseResult } from './backlog-case.ts';
import type { BacklogOptions } from './backlog-options.ts';
import { print } from './bench-command.ts';
import { figure, type Figure } from './judge/figure.ts';
import type { CaseOutcome } from './report/result-line.ts';

/** A case that needs more ends with an error instead of a figure. */
const heapMegabytes = 512;

/** In that process. */
export async function runHere(one: BacklogCase, { quick, dataDir, portBase, resultTo }: BacklogOptions): Promise<number> {
  const result = await one.run({ quick, folder: dataDir, portBase, print });
  writeFileSync(resultTo, JSON.stringify(result));
  return 0;
}

/** What the other cases found is published all the same. */
const unmeasured = (error: unknown): Figure =>
  figure({ metric: 'the case', value: null, unit: `not measured: ${(error as Error).message}` }, { text: 'measured', holds: () => true });

export async function outcomeOf(id: string, one: BacklogCase, options: BacklogOptions): Promise<CaseOutcome> {
  const at = new Date().toISOString();
  const folder = join(options.dataDir, id);
  mkdirSync(folder, { recursive: true });
  try {
    return { name: one.name, at, ...(await spawnCase(id, folder, options)) };
  } catch (error) {
    return { name: one.name, at, otherCpu: null, figures: [unmeasured(error)] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function spawnCase(id: string, folder: string, { quick, portBase }: BacklogOptions): Promise<CaseResult> {
  const resultTo = join(folder, 'result.json');
  const args = ['--only', id, '--data-dir', folder, '--port-base', String(portBase), '--result-to', resultTo];
  const main = fileURLToPath(new URL('./backlog-main.ts', import.meta.url));
  const node = [...process.execArgv, `--max-old-space-size=${heapMegabytes}`, main];
  const child = spawn(process.execPath, [...node, ...args, ...(quick ? ['--quick'] : [])], { stdio: 'inherit' });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', pass).off('SIGTERM', pass);
      if (code === 0) done(JSON.parse(readFileSync(resultTo, 'utf8')) as CaseResult);
      else fail(new Error(`${id}: ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}
