// Starts and stops recorded processes, from whichever process asks: the supervisor or a command line beside it.
import { resolve } from 'node:path';
import { brokerAnswers } from './kafka-probe.ts';
import { answersOk, launch, type LaunchHooks, type LaunchPlan, type Probe } from './launch.ts';
import { isRunning, stopProcess, type ProcessIdentity } from './pids.ts';
import { changeRunFile, findProcess, isSecretName, recordOf, requireRunFile, withProcess, type ProcessRecord } from './run-file.ts';
import { StackError } from './stack-error.ts';

/** Secrets given by value, for restarts by this same process; they never reach run.json. */
const held = new Map<string, Record<string, string>>();

const heldKey = (dataDir: string, name: string): string => `${resolve(dataDir)}\0${name}`;

/** The broker speaks no HTTP: it has no health URL and is asked for its metadata on its first port; others of its cluster may be away. */
export function probeOf({ healthUrl, ports }: Pick<LaunchPlan, 'healthUrl' | 'ports'>): Probe {
  const [port = 0] = ports;
  return healthUrl === null ? () => brokerAnswers(port) : answersOk(healthUrl);
}

/** Starts with this and the process is in run.json from its first moment; see also `markReady`. */
export function recordingHooks(dataDir: string, signal?: AbortSignal): LaunchHooks {
  const spawned = async (plan: LaunchPlan, identity: ProcessIdentity): Promise<void> => {
    held.set(heldKey(dataDir, plan.name), Object.fromEntries(Object.entries(plan.env).filter(([name]) => isSecretName(name))));
    await changeRunFile(dataDir, (run) => withProcess(run, recordOf(plan, identity, null)));
  };
  return { signal, spawned };
}

export async function markReady(
  dataDir: string,
  { name, readyAt }: { readonly name: string; readonly readyAt: string },
): Promise<ProcessRecord> {
  const run = await changeRunFile(dataDir, (before) => withProcess(before, { ...findProcess(before, name), readyAt }));
  return findProcess(run, name);
}

/** Launches a planned process, on record from its first moment, and waits until it is ready. */
export async function launchRecorded(dataDir: string, plan: LaunchPlan, signal?: AbortSignal): Promise<ProcessRecord> {
  const { readyAt } = await launch(plan, probeOf(plan), recordingHooks(dataDir, signal));
  return markReady(dataDir, { name: plan.name, readyAt });
}

/** Starts a recorded process again with the command, environment and ports it had. Running already is fine. */
export async function startService(dataDir: string, name: string, signal?: AbortSignal): Promise<ProcessRecord> {
  const record = findProcess(await requireRunFile(dataDir), name);
  if (await isRunning(record)) return record;
  return launchRecorded(dataDir, { ...planOf(record), env: { ...record.env, ...withheld(dataDir, record) } }, signal);
}

/** Stops a process by its recorded pid; run.json says so first, so that no supervisor starts it again. */
export async function stopService(dataDir: string, name: string): Promise<'absent' | 'stopped' | 'killed'> {
  const run = await changeRunFile(dataDir, (before) => withProcess(before, { ...findProcess(before, name), state: 'stopped' }));
  const record = findProcess(run, name);
  return stopProcess(record, record.stopWithinMs);
}

function planOf(record: ProcessRecord): Omit<LaunchPlan, 'env'> {
  const { name, command, cwd, logFile, ports, healthUrl, readyWithinMs, stopWithinMs } = record;
  return { name, command, cwd, logFile, ports, healthUrl, readyWithinMs, stopWithinMs };
}

function withheld(dataDir: string, record: ProcessRecord): Record<string, string> {
  const known = held.get(heldKey(dataDir, record.name)) ?? {};
  return Object.fromEntries(
    record.withheldEnv.map((variable) => {
      const value = known[variable] ?? process.env[variable];
      if (value !== undefined) return [variable, value];
      throw new StackError(`${record.name} was started with the secret ${variable}: set it, or start the stack with ${variable}_FILE.`);
    }),
  );
}
