import { cpuSecondsOf, machineBusySeconds } from './proc-stat.ts';

export interface MeteredProcess {
  readonly name: string;
  readonly pid: number;
}

interface Reading {
  readonly atMs: number;
  readonly machine: number;
  readonly processes: ReadonlyMap<string, { readonly pid: number; readonly seconds: number }>;
}

export interface CpuUse {
  /** Percent of one core by process. */
  readonly byProcess: ReadonlyMap<string, number>;
  /** Everything on the machine that is none of these processes, percent of one core. */
  readonly other: number;
}

function read(processes: readonly MeteredProcess[]): Reading {
  const seconds = processes.flatMap(({ name, pid }) => {
    const used = cpuSecondsOf(pid);
    return used === null ? [] : [[name, { pid, seconds: used }] as const];
  });
  return { atMs: performance.now(), machine: machineBusySeconds(), processes: new Map(seconds) };
}

/** Reads now and returns what reads again and tells the difference. A process that ended in between counts as other. */
export function startCpuMeter(processes: readonly MeteredProcess[]): () => CpuUse {
  const all = [...processes, { name: 'benchmark', pid: process.pid }];
  const before = read(all);
  return () => {
    const after = read(all);
    const elapsed = (after.atMs - before.atMs) / 1_000;
    const byProcess = new Map<string, number>();
    let ours = 0;
    for (const [name, { pid, seconds }] of after.processes) {
      const first = before.processes.get(name);
      if (first === undefined || first.pid !== pid) continue;
      ours += seconds - first.seconds;
      byProcess.set(name, ((seconds - first.seconds) / elapsed) * 100);
    }
    return { byProcess, other: Math.max(0, ((after.machine - before.machine - ours) / elapsed) * 100) };
  };
}
