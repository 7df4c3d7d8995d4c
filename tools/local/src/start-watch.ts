// Between the moment a server is ready and the moment the supervision begins nobody restarts it: a start cannot succeed
// without it, and clients of a broker that is gone may wait for long, or for ever.
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from './pids.ts';
import { readRunFile } from './run-file.ts';
import { StackError } from './stack-error.ts';

const pollMs = 300;

export interface StartWatch {
  /** Rejects with a sentence when a process of the stack that was ready dies; never resolves. */
  readonly died: Promise<never>;
  stop(): void;
}

export function watchStart(dataDir: string): StartWatch {
  const over = new AbortController();
  const died = new Promise<never>((_, reject) => {
    void watch(dataDir, over.signal).then((death) => death !== null && reject(death), reject);
  });
  died.catch(() => undefined);
  return { died, stop: () => over.abort() };
}

async function watch(dataDir: string, over: AbortSignal): Promise<StackError | null> {
  while (!over.aborted) {
    const death = await deathIn(dataDir);
    if (death !== null && !over.aborted) return death;
    await delay(pollMs, undefined, { signal: over }).catch(() => undefined);
  }
  return null;
}

/** Of a process that had become ready and was not stopped on purpose. */
export async function deathIn(dataDir: string): Promise<StackError | null> {
  const run = await readRunFile(dataDir);
  for (const record of run?.processes ?? []) {
    if (record.state !== 'running' || record.readyAt === null || (await isRunning(record))) continue;
    return new StackError(`${record.name} (pid ${record.pid}) died during the start; its log is ${record.logFile}`);
  }
  return null;
}
