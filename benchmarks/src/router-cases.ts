import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atLeast, below, figure, nothing, type Figure } from './judge/figure.ts';
import { quantile } from './judge/statistics.ts';
import type { CaseOutcome } from './report/result-line.ts';
import type { DecisionsReport } from './router-decisions-main.ts';
import { runDrain } from './router-drain.ts';
import { ladderMs, runVisibility, type VisibilityRun } from './router-visibility.ts';
import type { SenderWorld } from './sender-world.ts';
import { startCpuMeter } from './world/cpu-meter.ts';

const decisionsBar = 20_000;
const visibleBarMs = 2_000;

interface Finding {
  readonly figures: readonly Figure[];
  readonly otherCpu: number | null;
}

/** A case that failed is a missed bar, never an absent one. */
async function found(name: string, print: (line: string) => void, run: () => Promise<Finding>): Promise<CaseOutcome> {
  const at = new Date().toISOString();
  print(name);
  try {
    return { name, at, ...(await run()) };
  } catch (error) {
    const unit = `not measured: ${(error as Error).message}`;
    return {
      name,
      at,
      otherCpu: null,
      figures: [figure({ metric: 'the case', value: null, unit }, { text: 'measured', holds: () => true })],
    };
  }
}

interface Cost {
  readonly decisions: number;
  readonly seconds: number;
  /** Of so many of them. */
  readonly timed: { readonly cpuSeconds: number; readonly decisions: number };
}

const costFigures = ({ decisions, seconds, timed }: Cost, isJudged: boolean): Figure[] => [
  figure({ metric: 'decisions', value: decisions / seconds, unit: '/s' }, isJudged ? atLeast(decisionsBar) : null),
  figure({
    metric: 'processor time per decision',
    value: timed.decisions === 0 ? null : (timed.cpuSeconds / timed.decisions) * 1e6,
    unit: 'µs',
  }),
  figure({ metric: 'decisions made', value: decisions, unit: 'decisions' }),
];

export function decisionsOutcome({ quick, print }: { quick: boolean; print: (line: string) => void }): Promise<CaseOutcome> {
  return found('decisions, with decoding and encoding', print, async () => {
    const main = fileURLToPath(new URL('./router-decisions-main.ts', import.meta.url));
    const stopMeter = startCpuMeter([]);
    const began = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, main, quick ? '100000' : '500000']);
    const cost = JSON.parse(stdout) as DecisionsReport;
    const own = (cost.totalCpuSeconds / ((performance.now() - began) / 1_000)) * 100;
    return { figures: costFigures({ ...cost, timed: cost }, true), otherCpu: Math.max(0, stopMeter().other - own) };
  });
}

export function drainOutcome(world: SenderWorld, quick: boolean): Promise<CaseOutcome> {
  return found('a backlog on Kafka', world.terms.print, async () => {
    const began = performance.now();
    const stopMeter = startCpuMeter(await world.processes());
    const run = await runDrain(world, quick ? 10_000 : 40_000);
    // The router was started meanwhile: the meter does not know it.
    const router = (run.cpuSeconds / ((performance.now() - began) / 1_000)) * 100;
    return { figures: costFigures({ ...run, timed: run.ready }, false), otherCpu: Math.max(0, stopMeter().other - router) };
  });
}

function visibilityFigures({ recipients, cpu }: VisibilityRun): Figure[] {
  const asked = recipients.filter(({ refusedAt }) => refusedAt !== null);
  // A suppression that was never seen counts as seen after all slots were out.
  const times = asked.map(({ refusedAt, seenAt }) => (seenAt === null ? ladderMs : (seenAt - (refusedAt ?? 0)) / 1_000));
  const after = recipients.map(({ calls, seenAt }) => calls.filter((at) => seenAt !== null && at > seenAt).length);
  const of = (q: number): number | null => quantile(times, q);
  return [
    figure({ metric: 'suppression seen after the refusal, p50', value: of(0.5), unit: 'ms' }),
    figure({ metric: 'suppression seen after the refusal, p99', value: of(0.99), unit: 'ms' }, below(visibleBarMs)),
    figure({ metric: 'suppression seen after the refusal, worst', value: of(1), unit: 'ms' }),
    figure({ metric: 'never seen', value: asked.filter(({ seenAt }) => seenAt === null).length, unit: 'recipients' }, nothing),
    figure({ metric: 'calls after it was seen', value: after.reduce((sum, count) => sum + count, 0), unit: 'calls' }, nothing),
    figure({ metric: 'recipients', value: asked.length, unit: 'recipients' }),
    ...[...cpu.byProcess].map(([name, percent]) => figure({ metric: `CPU of ${name}`, value: percent, unit: '% of a core' })),
  ];
}

export function visibilityOutcome(world: SenderWorld, quick: boolean): Promise<CaseOutcome> {
  return found('suppression, from refusal to sender', world.terms.print, async () => {
    await world.run(['sender']);
    await world.wait(2_000);
    const run = await runVisibility(world, quick ? 100 : 500);
    return { figures: visibilityFigures(run), otherCpu: run.cpu.other };
  });
}
