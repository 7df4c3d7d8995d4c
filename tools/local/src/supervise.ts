// Restarts what dies without having been told to. It judges by run.json and pids, not by its own children,
// so a process that a command line started beside it is looked after as well.
import { setTimeout as delay } from 'node:timers/promises';
import type { Print } from './jars.ts';
import { isRunning } from './pids.ts';
import { startService } from './processes.ts';
import { readRunFile, type ProcessRecord } from './run-file.ts';
import { messageOf } from './stack-error.ts';

const pollMs = 300;
const firstBackoffMs = 500;
const longestBackoffMs = 15_000;
/** A process that lived this long starts again at the shortest back-off. */
const healthyAfterMs = 60_000;

export interface SuperviseOptions {
  readonly dataDir: string;
  readonly print: Print;
  /** Tell of a death, but do not start again. */
  readonly noRestart?: boolean;
}

export interface Supervision {
  /** Resolves when no restart is under way and none will follow. */
  stop(): Promise<void>;
}

interface Watched {
  failures: number;
  notBefore: number;
  aliveSince: number;
  /** The pid whose death was told. */
  told: number;
  restarting: Promise<void> | null;
}

export function supervise(options: SuperviseOptions): Supervision {
  const cancel = new AbortController();
  const watched = new Map<string, Watched>();
  const loop = async (): Promise<void> => {
    while (!cancel.signal.aborted) {
      await round(options, watched, cancel.signal).catch((error: unknown) => options.print(`supervision: ${messageOf(error)}`));
      await delay(pollMs, undefined, { signal: cancel.signal }).catch(() => undefined);
    }
  };
  const ended = loop();
  return {
    stop: async () => {
      cancel.abort();
      await ended;
      await Promise.all([...watched.values()].map(({ restarting }) => restarting ?? Promise.resolve()));
    },
  };
}

async function round(options: SuperviseOptions, watched: Map<string, Watched>, signal: AbortSignal): Promise<void> {
  const run = await readRunFile(options.dataDir);
  for (const record of run?.processes ?? []) {
    const watch = entry(watched, record.name);
    if (record.state !== 'running' || watch.restarting !== null) continue;
    if (await isRunning(record)) forgive(watch);
    else bury(options, record, { watch, signal });
  }
}

function entry(watched: Map<string, Watched>, name: string): Watched {
  const known = watched.get(name) ?? { failures: 0, notBefore: 0, aliveSince: performance.now(), told: 0, restarting: null };
  watched.set(name, known);
  return known;
}

function forgive(watch: Watched): void {
  if (performance.now() - watch.aliveSince > healthyAfterMs) watch.failures = 0;
}

interface Grave {
  readonly watch: Watched;
  readonly signal: AbortSignal;
}

function bury(options: SuperviseOptions, record: ProcessRecord, { watch, signal }: Grave): void {
  if (watch.told !== record.pid) {
    watch.told = record.pid;
    watch.notBefore = performance.now() + backoffMs(watch.failures);
    options.print(
      `${record.name} (pid ${record.pid}) died; ${options.noRestart === true ? 'not restarted' : 'restarting'}; its log is ${record.logFile}`,
    );
  }
  if (options.noRestart === true || signal.aborted || performance.now() < watch.notBefore) return;
  // Not awaited here: one slow restart must not delay the others.
  watch.restarting = restart(options, record, { watch, signal }).finally(() => (watch.restarting = null));
}

async function restart({ dataDir, print }: SuperviseOptions, record: ProcessRecord, { watch, signal }: Grave): Promise<void> {
  watch.failures += 1;
  try {
    const { pid } = await startService(dataDir, record.name, signal);
    watch.aliveSince = performance.now();
    print(`${record.name} is back (pid ${pid})`);
  } catch (error) {
    watch.notBefore = performance.now() + backoffMs(watch.failures);
    if (!signal.aborted) print(messageOf(error));
  }
}

/** 0.5 s, doubled per failure in a row, at most 15 s. */
export function backoffMs(failures: number): number {
  return Math.min(longestBackoffMs, firstBackoffMs * 2 ** failures);
}
