// The trap that ends a process at a label, in whichever thread it is passed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const trap = fileURLToPath(new URL('./kill-at.mjs', import.meta.url));
const pass = (label: string, times: number): string =>
  `for (let n = 0; n < ${times}; n += 1) process.getBuiltinModule('node:diagnostics_channel').channel('paceline:checkpoint').publish('${label}');`;
const moduleOf = (code: string): string => JSON.stringify(`data:text/javascript,${encodeURIComponent(code)}`);
const inThread = (code: string): string =>
  `new (require('node:worker_threads').Worker)(new URL(${moduleOf(code)})).on('exit', () => process.exit(3));`;

async function endOf(code: string): Promise<number | string | null> {
  const env = { PATH: process.env['PATH'], PACELINE_KILL_AT: 'call:before@3' };
  const child = spawn(process.execPath, ['--import', trap, '-e', code], { env, stdio: 'inherit' });
  const [exitCode, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ?? exitCode;
}

describe('the trap at call:before@3', () => {
  it('ends the process at the third passing', async () => {
    expect(await endOf(pass('call:before', 3))).toBe('SIGKILL');
  });

  it('counts no other label, and lets fewer pass', async () => {
    expect(await endOf(pass('call:before', 2) + pass('call:started', 5))).toBe(0);
  });

  it('ends the whole process from a thread of it', async () => {
    expect(await endOf(inThread(pass('call:before', 3)))).toBe('SIGKILL');
  });
});
