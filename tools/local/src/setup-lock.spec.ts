// The lock is used before anything is installed: it is tried as it runs, by processes of their own.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { workspaceRoot } from './workspace.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'setup-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Holds the lock for a while, and writes down when; resolves with what it printed. */
function holder(name: string): Promise<string> {
  const script = `
    import { appendFileSync } from 'node:fs';
    import { withSetupLock } from ${JSON.stringify(pathToFileURL(join(workspaceRoot, 'tools', 'start', 'setup-lock.mjs')).href)};
    const note = (what) => appendFileSync('order.txt', ${JSON.stringify(name)} + what + ' ');
    withSetupLock('lock', () => {
      note('+');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      note('-');
    }, (pid) => console.log('waits for ' + pid));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve(`${code} ${out}`.trim())));
}
const order = (): string => readFileSync(join(folder, 'order.txt'), 'utf8').trim();

it('one set-up at a time: the others wait, and say for whom', async () => {
  const ends = await Promise.all(['a', 'b', 'c'].map(holder));
  expect(order()).toMatch(/^(\w)\+ \1- (\w)\+ \2- (\w)\+ \3-$/);
  expect(ends.filter((end) => /^0 waits for \d+$/.test(end))).toHaveLength(2);
});

it.each([
  ['was killed', '999999999 1'],
  ['had the same number long ago', `${process.pid} 1`],
])('a holder that %s is succeeded', async (_who, content) => {
  writeFileSync(join(folder, 'lock'), content);
  expect(await holder('a')).toBe('0');
  expect(order()).toBe('a+ a-');
});
