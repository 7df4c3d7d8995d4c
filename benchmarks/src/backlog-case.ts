// What the cases of the backlog benchmark share: a process each, its processor time, its memory.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Figure } from './judge/figure.ts';

export interface BacklogCaseOptions {
  readonly quick: boolean;
  /** The case's own folder; empty. */
  readonly folder: string;
  readonly portBase: number;
  readonly print: (line: string) => void;
}

export interface CaseResult {
  readonly figures: readonly Figure[];
  /** Everything on the machine that is not part of the case, percent of one core; null where nothing was run. */
  readonly otherCpu: number | null;
}

export interface BacklogCase {
  readonly name: string;
  readonly run: (options: BacklogCaseOptions) => Promise<CaseResult>;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is reachable, and what the process holds of the machine, MB. */
export function memoryNow(): { readonly heap: number; readonly resident: number } {
  collect();
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed / 1e6, resident: rss / 1e6 };
}

/** Sums the processor time of this process over what it is asked to time, collection of garbage in it included. */
export class Stopwatch {
  #micros = 0;

  time<T>(work: () => T): T {
    const before = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    this.#micros += user + system;
    return result;
  }

  /** Microseconds per one of `count`. */
  per(count: number): number {
    return this.#micros / count;
  }
}

export const countText = (count: number): string => count.toLocaleString('en-US');
