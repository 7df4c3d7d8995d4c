// One fault on a running bench: rows, the fault while they are called, every outcome, the verdict.
import type { Fault, MoreJudgement } from './fault-tools.ts';
import type { History } from './history.ts';
import { judge, type Verdict } from './judge.ts';
import type { WindowVerdict } from './windows.ts';
import type { PacingBench } from './pacing-bench.ts';

export interface FaultRun {
  readonly round: number;
  readonly form: 'short' | 'long';
}

export async function runFault(bench: PacingBench, fault: Fault, { round, form }: FaultRun): Promise<Verdict> {
  if (fault.members !== null) await bench.members.arrange(...fault.members);
  let more: MoreJudgement | null = null;
  const rows = await bench.keepFed(async () => {
    more = await fault.inject({ bench, round, form });
  });
  await bench.closed(rows);
  const history = await bench.evidence.history(rows);
  const { violations, measures } = judge(history, bench);
  return { violations: [...violations, ...bench.died(), ...furtherBy(more, history)], measures };
}

const furtherBy = (more: MoreJudgement | null, history: History): readonly string[] => more?.(history) ?? [];

/** Over everything since the bench began, the seconds between two faults included. */
export async function wholeVerdict(bench: PacingBench): Promise<Verdict> {
  return judge(await bench.evidence.history(bench.rows, 'whole'), bench);
}

/** What of a verdict is published. */
export interface FaultSummary {
  readonly fault: string;
  readonly violations: readonly string[];
  readonly rows: number;
  readonly calls: number;
  readonly returned: number;
  readonly returnedLate: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly transitP999Ms: number;
  /** Worst second against what is allowed, of every limit. */
  readonly slots: readonly WindowVerdict[];
  readonly arrivals: readonly WindowVerdict[];
}

export function summaryOf(fault: string, { violations, measures }: Verdict): FaultSummary {
  const { rows, calls, returned, returnedLate, outcomes, transitP999Ms, slotWindows: slots, arrivalWindows: arrivals } = measures;
  return { fault, violations, rows, calls, returned, returnedLate, outcomes, transitP999Ms, slots, arrivals };
}

type PublishedSummary = FaultSummary & { readonly commit: string };

function fullest(windows: readonly WindowVerdict[]): string {
  const shares = windows.map(({ worst, allowed }) => worst / allowed);
  return `${(Math.max(0, ...shares) * 100).toFixed(0)} %`;
}

const unknownOf = (outcomes: FaultSummary['outcomes']): number =>
  Object.entries(outcomes).reduce((sum, [outcome, n]) => sum + (outcome.startsWith('unknown') ? n : 0), 0);

const columns: Readonly<Record<string, (summary: PublishedSummary) => string | number>> = {
  while: ({ fault }) => fault,
  rows: ({ rows }) => rows,
  calls: ({ calls }) => calls,
  unknown: ({ outcomes }) => unknownOf(outcomes),
  'slots returned late': ({ returnedLate }) => returnedLate,
  'fullest second, slots': ({ slots }) => fullest(slots),
  'fullest second, arrivals': ({ arrivals }) => fullest(arrivals),
  'write to arrival p99.9, ms': ({ transitP999Ms }) => transitP999Ms.toFixed(0),
  violations: ({ violations }) => violations.length,
  commit: ({ commit }) => commit,
};

/** The published figures as a table: all limits of a fault in one line, the fullest of them against what it allows. */
export function tableOf(summaries: readonly PublishedSummary[]): string {
  const lineOf = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const titles = Object.keys(columns);
  const lines = summaries.map((summary) => lineOf(Object.values(columns).map((of) => of(summary))));
  return [lineOf(titles), lineOf(titles.map(() => '---')), ...lines].join('\n');
}
