// One account's trouble is its own: while the server of account A hangs, and while it answers 500, account B is called as
// evenly as before. B is looked at by the server's ledger, before, between and after, so that what the machine itself
// does to its gaps is on record beside it.
import { accountAt } from '../../regression/pacing/bench-accounts.ts';
import { judge } from '../../regression/pacing/judge.ts';
import { PacingBench } from '../../regression/pacing/pacing-bench.ts';
import { quantile } from '../../regression/pacing/windows.ts';
import { publish } from './pacing-results.ts';

/** Of each phase; the promise is about a minute. */
const phaseSeconds = Number(process.env['FAIRNESS_SECONDS'] ?? 60);
const callsPerSecond = 50;
const mostMovedPercent = 10;
const troubled = accountAt(0, callsPerSecond);
const other = accountAt(1, callsPerSecond);

interface Phase {
  readonly name: string;
  readonly fault: object | null;
}

const quiet = (n: number): Phase => ({ name: `quiet ${n}`, fault: null });
const phases: readonly Phase[] = [
  quiet(1),
  { name: 'A hangs', fault: { type: 'hang' } },
  quiet(2),
  { name: 'A answers 500', fault: { type: 'status', status: 500 } },
  quiet(3),
];

interface PhaseFigures {
  readonly phase: string;
  readonly calls: number;
  readonly gapMs: { readonly p50: number; readonly p99: number };
}

interface Span {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const gapsOf = (instants: readonly number[]): readonly number[] => {
  const rising = instants.toSorted((a, b) => a - b);
  return rising.slice(1).map((at, n) => (at - (rising[n] ?? at)) / 1_000);
};

function figuresOf(phase: string, gaps: readonly number[]): PhaseFigures {
  const rising = gaps.toSorted((a, b) => a - b);
  return { phase, calls: gaps.length + 1, gapMs: { p50: quantile(rising, 0.5), p99: quantile(rising, 0.99) } };
}

const moved = (of: PhaseFigures, base: PhaseFigures): number => (of.gapMs.p99 / base.gapMs.p99 - 1) * 100;

/** How far the quiet phases are from each other: what the machine alone does, per cent. */
function noiseOf(quietPhases: readonly PhaseFigures[]): number {
  const p99s = quietPhases.map(({ gapMs }) => gapMs.p99);
  return (Math.max(...p99s) / Math.min(...p99s) - 1) * 100;
}

/** A machine that moves the quiet phases further than the promise allows cannot show whether it is kept. */
function verdictOf(percents: readonly number[], noise: number): 'held' | 'missed' | 'not to be told on this machine' {
  if (percents.every((percent) => percent <= mostMovedPercent)) return 'held';
  return noise > mostMovedPercent ? 'not to be told on this machine' : 'missed';
}

const table = (figures: readonly PhaseFigures[]): string =>
  [
    '| phase | calls of B | gap p50, ms | gap p99, ms |',
    '| --- | --- | --- | --- |',
    ...figures.map(({ phase, calls, gapMs }) => `| ${phase} | ${calls} | ${gapMs.p50.toFixed(1)} | ${gapMs.p99.toFixed(1)} |`),
  ].join('\n');

describe(`account B, while A's server hangs and answers 500 for ${phaseSeconds} s each`, () => {
  let bench: PacingBench;
  beforeAll(async () => {
    bench = await PacingBench.create({ accounts: [troubled, other] });
  }, 120_000);
  afterAll(() => bench.dispose(), 60_000);

  async function phase({ name, fault }: Phase): Promise<Span> {
    await bench.simulate('DELETE', '/_sim/faults');
    if (fault !== null) await bench.simulate('POST', '/_sim/faults', { match: { account: troubled.sid }, action: fault });
    const first = (await bench.evidence.calls()).get(other.name) ?? 0;
    for (let seconds = 0; seconds < phaseSeconds; seconds += 5) await bench.moreCalls(callsPerSecond * 5, other);
    const last = (await bench.evidence.calls()).get(other.name) ?? 0;
    return { name, from: first, to: last };
  }

  it(`has its gaps' p99 moved by at most ${mostMovedPercent} %`, async () => {
    const spans: Span[] = [];
    const rows = await bench.keepFed(async () => {
      await bench.moreCalls(callsPerSecond * 5, other);
      for (const one of phases) spans.push(await phase(one));
    });
    await bench.closed(rows, 300_000);
    const history = await bench.evidence.history(rows);
    const instants = history.arrivals.filter(({ account }) => account === other.name).map(({ at }) => at);
    const rising = instants.toSorted((a, b) => a - b);
    const gaps = spans.map(({ from, to }) => gapsOf(rising.slice(from, to)));
    const figures = spans.map(({ name }, n) => figuresOf(name, gaps[n] ?? []));
    const baseline = figuresOf('quiet, all three', gaps.filter((_, n) => phases[n]?.fault === null).flat());
    const troubledPhases = figures.filter((_, n) => phases[n]?.fault !== null);
    const movements = troubledPhases.map((of) => ({ phase: of.phase, percent: moved(of, baseline) }));
    const noise = noiseOf(figures.filter((_, n) => phases[n]?.fault === null));
    const verdict = verdictOf(
      movements.map(({ percent }) => percent),
      noise,
    );
    const { violations, measures } = judge(history, bench);
    const told = movements.map(({ phase: name, percent }) => `${name}: ${percent.toFixed(1)} %`).join(', ');
    publish({
      name: 'fairness',
      title: `One account's trouble and another's pace, ${phaseSeconds} s a phase`,
      figures: {
        phaseSeconds,
        callsPerSecond,
        mostMovedPercent,
        verdict,
        noise,
        movements,
        baseline,
        phases: figures,
        violations,
        measures,
      },
      text: [
        table([...figures, baseline]),
        '',
        `p99 moved, against all quiet phases together: ${told}; at most ${mostMovedPercent} % allowed: **${verdict}**. The quiet phases alone differ by ${noise.toFixed(1)} %.`,
      ].join('\n'),
    });
    expect(violations).toEqual([]);
    expect({ verdict, movements }).toEqual({ verdict: 'held', movements });
  });
});
