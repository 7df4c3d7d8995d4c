import { setPriority } from 'node:os';

const niceness = -10;

/**
 * Lets a process go before all others that want the same core. For the simulator: it stands for a server on another
 * machine, whose wait for a core of this one must not be told as lateness of who called it. Returns whether that was
 * permitted.
 */
export function putFirst(pid: number): boolean {
  try {
    setPriority(pid, niceness);
    return true;
  } catch {
    return false;
  }
}
