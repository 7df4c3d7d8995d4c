// A pid is only a number: before any signal its start time must equal the recorded one, so that a recycled pid is never hit.
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from './run-command.ts';

const pollMs = 25;
const killedWithinMs = 10_000;

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal only for the same process. */
  readonly startedAt: string;
}

/** When the process began, or null when there is none (a zombie is none). */
export async function startTimeOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return fromProc(pid);
  const { code, output } = await runCommand('ps', ['-o', 'lstart=', '-p', String(pid)]);
  const text = output.trim();
  return code === 0 && text !== '' ? text : null;
}

async function fromProc(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The command's name may hold spaces and brackets: fields are counted from its last bracket. 0 = state, 17 = threads, 19 = start time.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // A killed process of many threads is a zombie already while its last threads still hold its ports.
  const over = fields[0] === 'Z' && Number(fields[17]) <= 1;
  return over ? null : (fields[19] ?? null);
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await startTimeOf(identity.pid)) === identity.startedAt;
}

/** SIGTERM, then SIGKILL after `graceMs`. Resolves when the process is gone; a process that is not ours any more is left alone. */
export async function stopProcess(identity: ProcessIdentity, graceMs: number): Promise<'absent' | 'stopped' | 'killed'> {
  if (!(await signalProcess(identity, 'SIGTERM'))) return 'absent';
  if (await isGone(identity, graceMs)) return 'stopped';
  await killProcess(identity);
  return 'killed';
}

/** Sends a signal to a process that is still the recorded one; whether it was. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  const ours = await isRunning(identity);
  if (ours) process.kill(identity.pid, signal);
  return ours;
}

/** SIGKILL at once. Resolves when the process is gone. */
export async function killProcess(identity: ProcessIdentity): Promise<boolean> {
  const ours = await signalProcess(identity, 'SIGKILL');
  if (ours) await isGone(identity, killedWithinMs);
  return ours;
}

async function isGone(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (await isRunning(identity)) {
    if (performance.now() > deadline) return false;
    await delay(pollMs);
  }
  return true;
}
