import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { launch, launchTogether, type LaunchPlan } from './launch.ts';
import { startTimeOf } from './pids.ts';
import { StackError } from './stack-error.ts';

describe('a process that is launched', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'launch-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const plan = (script: string): LaunchPlan => ({
    ...{ name: 'part', command: [process.execPath, '-e', script], env: {}, cwd: folder, logFile: join(folder, 'part.log') },
    ...{ ports: [], healthUrl: null, readyWithinMs: 60_000, stopWithinMs: 5_000 },
  });
  const hangs = (): Promise<boolean> => new Promise(() => undefined);

  it('that ends before it is ready is told at once, even while its probe hangs', async () => {
    const launched = launch(plan("console.error('fatal: no disk'); process.exit(3)"), hangs);
    await expect(launched).rejects.toThrow(/^part ended with code 3; its log is .*; it says: fatal: no disk$/);
    await expect(launched).rejects.toBeInstanceOf(StackError);
  });

  it('is stopped when the start is called off', async () => {
    const off = new AbortController();
    let pid = 0;
    const spawned = (_plan: LaunchPlan, identity: { pid: number }): Promise<void> => {
      pid = identity.pid;
      off.abort(new Error('called off'));
      return Promise.resolve();
    };
    const probe = (): Promise<boolean> => Promise.resolve(false);
    await expect(launch(plan('setInterval(() => undefined, 1000)'), probe, { signal: off.signal, spawned })).rejects.toThrow('called off');
    expect(await startTimeOf(pid)).toBeNull();
  });
});

describe('several that start together', () => {
  it('are called off by the first that fails, whose reason is told when none is under way any more', async () => {
    let calledOff = false;
    const waits = async (signal: AbortSignal): Promise<void> => {
      await once(signal, 'abort');
      calledOff = true;
      signal.throwIfAborted();
    };
    await expect(launchTogether([waits, () => Promise.reject(new Error('no disk'))], undefined)).rejects.toThrow('no disk');
    expect(calledOff).toBe(true);
  });

  it('answer in the order they were given', async () => {
    expect(
      await launchTogether(
        [1, 2].map((n) => () => Promise.resolve(n)),
        undefined,
      ),
    ).toEqual([1, 2]);
  });
});
