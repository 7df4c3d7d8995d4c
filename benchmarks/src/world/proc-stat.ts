// Processor time as the kernel counts it. Linux only; elsewhere the benchmark says so and ends.
import { existsSync, readFileSync } from 'node:fs';

/** A tick of /proc is a hundredth of a second on every Linux that runs Node. */
const ticksPerSecond = 100;

export const hasProcStat = (): boolean => existsSync('/proc/stat');

/** Fields after the command's name, which may itself hold spaces and brackets. 0 = state. */
function fieldsOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

/** Seconds of processor that a process has used, all its threads; null when there is none. */
export function cpuSecondsOf(pid: number): number | null {
  const fields = fieldsOf(pid);
  return fields === null ? null : (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** What tells this process from a later one with the same pid. */
export const startTicksOf = (pid: number): string => fieldsOf(pid)?.[19] ?? '';

/** Seconds of processor that anything has used on this machine: user, nice, system, interrupts, and what a host took from it. */
export function machineBusySeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  const [user = 0, nice = 0, system = 0, , , irq = 0, soft = 0, steal = 0] = line.trim().split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + soft + steal) / ticksPerSecond;
}
