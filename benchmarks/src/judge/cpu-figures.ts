import { atMost, figure, type Figure } from './figure.ts';

export interface CpuBars {
  /** Most that this process may take, percent of a core. */
  readonly [process: string]: number;
}

/** Processor time of each process of the run, percent of one core. */
export function cpuFigures(byProcess: ReadonlyMap<string, number>, bars: CpuBars = {}): Figure[] {
  return [...byProcess].map(([name, percent]) => {
    const bar = bars[name];
    return figure({ metric: `CPU of ${name}`, value: percent, unit: '% of a core' }, bar === undefined ? null : atMost(bar));
  });
}
