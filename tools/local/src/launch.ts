// Starts one process of the stack and waits until it answers. Output goes to its log file, never to the terminal.
// It does not detach: it lives in our process group, is recorded by pid, and is ended by signal to that pid only.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTimeOf, stopProcess, type ProcessIdentity } from './pids.ts';
import { isBroker, requireFreePorts } from './ports.ts';
import { StackError } from './stack-error.ts';

const pollMs = 50;
/** A probe that takes longer is given up: a client whose server dies under it may never answer. */
const probeWithinMs = 10_000;

export interface LaunchPlan {
  readonly name: string;
  readonly command: readonly string[];
  /** Added to this process's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logFile: string;
  readonly ports: readonly number[];
  readonly healthUrl: string | null;
  readonly readyWithinMs: number;
  /** Between SIGTERM and SIGKILL. */
  readonly stopWithinMs: number;
}

/** Tells whether the server answers; a refused connection is `false` or a throw, both mean "not yet". */
export type Probe = () => Promise<boolean>;

export interface Launched extends ProcessIdentity {
  readonly plan: LaunchPlan;
  readonly readyAt: string;
  /** Resolves with a sentence when the process ends, however it ends. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface LaunchHooks {
  /** Aborting it stops a process that is not ready yet, and `launch` throws. */
  readonly signal?: AbortSignal | undefined;
  /** Told as soon as there is a pid, so that it is on record before anything can go wrong. */
  readonly spawned?: ((plan: LaunchPlan, identity: ProcessIdentity) => Promise<void>) | undefined;
}

/** Throws when the process ends or does not answer in time; nothing of it is left running then. */
export async function launch(plan: LaunchPlan, probe: Probe, { signal, spawned }: LaunchHooks = {}): Promise<Launched> {
  signal?.throwIfAborted();
  await requireFreePorts(plan.ports, plan.name);
  const child = await begin(plan);
  const ended = endOf(child);
  const pid = child.pid ?? 0;
  const startedAt = (await startTimeOf(pid)) ?? '';
  const stop = async (): Promise<void> => {
    child.ref();
    await stopProcess({ pid, startedAt }, plan.stopWithinMs);
    await ended;
  };
  try {
    await spawned?.(plan, { pid, startedAt });
    await waitUntilReady(plan, probe, { signal, ended });
  } catch (error) {
    await stop();
    throw error;
  }
  // A command that starts one service ends when it is ready; the stack's owner lives by its own timers.
  child.unref();
  return { plan, pid, startedAt, readyAt: new Date().toISOString(), ended, stop };
}

/** Starts several at once. The first that fails calls the others off; then none is under way any more and its reason is thrown. */
export async function launchTogether<T>(
  starts: readonly ((signal: AbortSignal) => Promise<T>)[],
  signal: AbortSignal | undefined,
): Promise<readonly T[]> {
  const failed = new AbortController();
  const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const results = await Promise.allSettled(
    starts.map(async (start) => {
      try {
        return await start(either);
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    }),
  );
  failed.signal.throwIfAborted();
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/**
 * On a small machine everything shares two cores: what must be punctual (pacer, sender, and who answers them) goes first,
 * what may lag (archive, analytics, schema look-ups) yields. Only ever lowered, so it needs no rights.
 */
const nicenessOf: Readonly<Record<string, number>> = {
  kafka: 2,
  ingestor: 5,
  'error-router': 5,
  registry: 10,
  archiver: 10,
  clickhouse: 10,
  collector: 15,
};

function yieldTo(pid: number | undefined, name: string): void {
  const niceness = nicenessOf[isBroker(name) ? 'kafka' : name];
  if (pid === undefined || niceness === undefined) return;
  try {
    setPriority(pid, niceness);
  } catch {
    // Priorities are a courtesy: without them everything runs, only less punctually.
  }
}

function begin(plan: LaunchPlan): Promise<ChildProcess> {
  const [file = '', ...args] = plan.command;
  mkdirSync(dirname(plan.logFile), { recursive: true });
  const log = openSync(plan.logFile, 'a', 0o600);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: plan.cwd, env: { ...process.env, ...plan.env }, stdio: ['ignore', log, log] });
    closeSync(log);
    child.once('error', (error) => reject(new StackError(`${plan.name} cannot be started: ${error.message}`)));
    child.once('spawn', () => {
      yieldTo(child.pid, plan.name);
      resolve(child);
    });
  });
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal === null ? `ended with code ${code ?? '?'}` : `ended by ${signal}`));
  });
}

interface Waiting {
  readonly signal: AbortSignal | undefined;
  readonly ended: Promise<string>;
}

/** Never waits for the probe alone: the process may end, or the wait be called off, while it hangs. */
async function waitUntilReady(plan: LaunchPlan, probe: Probe, { signal, ended }: Waiting): Promise<void> {
  const deadline = performance.now() + plan.readyWithinMs;
  let end: string | undefined;
  const over = ended.then((sentence) => ((end = sentence), false));
  while (end === undefined && performance.now() < deadline) {
    const answered = await Promise.race([probe().catch(() => false), over, delay(probeWithinMs, false, { ref: false })]);
    signal?.throwIfAborted();
    if (answered) return;
    await delay(pollMs);
  }
  const what = end ?? `did not become ready within ${plan.readyWithinMs / 1000} s`;
  throw new StackError(`${plan.name} ${what}; its log is ${plan.logFile}${await lastWords(plan.logFile)}`);
}

async function lastWords(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, 'utf8').catch(() => '')).trimEnd().split('\n');
  const telling = lines.findLast((line) => /error|exception|refus|fatal|cannot|in use/i.test(line)) ?? lines.at(-1) ?? '';
  return telling.trim() === '' ? '' : `; it says: ${telling.trim().slice(0, 300)}`;
}

/** A probe that is satisfied by a 2xx answer. */
export function answersOk(url: string): Probe {
  return async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  };
}

/** Ctrl-C reaches the whole process group; third-party servers must outlive our services, so they start with SIGINT ignored. */
export function shieldedFromInterrupt(command: readonly string[]): string[] {
  return ['/bin/sh', '-c', `trap '' INT; exec "$0" "$@"`, ...command];
}
