import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startTimeOf } from './pids.ts';
import { runFileVersion, writeRunFile, type ProcessRecord } from './run-file.ts';
import { deathIn, watchStart } from './start-watch.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'start-watch-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

async function recorded(over: Partial<ProcessRecord>): Promise<void> {
  const record: ProcessRecord = {
    ...{ name: 'kafka', command: [], env: {}, cwd: '/', logFile: 'kafka.log', ports: [], healthUrl: null },
    ...{ readyWithinMs: 1, stopWithinMs: 1, withheldEnv: [], readyAt: 'now', state: 'running', pid: 0, startedAt: '' },
    ...over,
  };
  const urls = { kafka: null, registry: null, clickhouse: null, simulator: null, collector: null };
  const run = { schemaVersion: runFileVersion, dataDir, portBase: 1, supervisor: null, startedAt: '', urls, processes: [record] };
  await writeRunFile(dataDir, run);
}

it('tells of a server that dies while the rest starts', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  await recorded({ pid, startedAt: (await startTimeOf(pid)) ?? '' });
  const watch = watchStart(dataDir);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect(watch.died).rejects.toMatchObject({
    message: `kafka (pid ${pid}) died during the start; its log is kafka.log`,
    exitCode: 5,
  });
  watch.stop();
});

it.each<[string, Partial<ProcessRecord>]>([
  ['is not ready yet: who starts it tells', { readyAt: null }],
  ['was stopped on purpose', { state: 'stopped' }],
])('says nothing of one that %s', async (_why, over) => {
  await recorded(over);
  expect(await deathIn(dataDir)).toBeNull();
});
