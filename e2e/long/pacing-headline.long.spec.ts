// A hundred thousand rows at 50 calls a second: paced to the second, first slot to last, and never above it in between.
import { accountAt } from '../../regression/pacing/bench-accounts.ts';
import { judge, rateOf, type Measures } from '../../regression/pacing/judge.ts';
import { PacingBench } from '../../regression/pacing/pacing-bench.ts';
import { quantile } from '../../regression/pacing/windows.ts';
import { publish } from './pacing-results.ts';

const rows = Number(process.env['PACING_ROWS'] ?? 100_000);
const callsPerSecond = 50;
/** 100,000 rows take 2,000 s; 0.2 % are for the start and for what was given back. */
const mostSeconds = (rows / callsPerSecond) * 1.002;

/** Distances of neighbours from the fair one, rising, ms. */
function gapErrors(instants: readonly number[]): readonly number[] {
  const rising = instants.toSorted((a, b) => a - b);
  const errors = rising.slice(1).map((at, n) => Math.abs(at - (rising[n] ?? at) - 1_000_000 / callsPerSecond) / 1_000);
  return errors.sort((a, b) => a - b);
}

const span = (instants: readonly number[]): number => {
  const rising = instants.toSorted((a, b) => a - b);
  return ((rising.at(-1) ?? 0) - (rising[0] ?? 0)) / 1_000_000;
};

const gaps = (instants: readonly number[]) => {
  const errors = gapErrors(instants);
  return { p50: quantile(errors, 0.5), p99: quantile(errors, 0.99), p999: quantile(errors, 0.999) };
};

interface Figures {
  readonly seconds: number;
  readonly rateErrorPercent: number;
  readonly gapErrorMs: { readonly arrivals: { readonly p50: number; readonly p99: number } };
  readonly measures: Measures;
}

function lineOf({ seconds, rateErrorPercent, gapErrorMs, measures }: Figures): string {
  const [slots] = measures.slotWindows;
  const [arrivals] = measures.arrivalWindows;
  return [
    `${seconds.toFixed(1)} s from the first slot to the last (at most ${mostSeconds} s), rate error ${rateErrorPercent.toFixed(3)} %.`,
    `Worst sliding second: ${slots?.worst} slots (${slots?.allowed} allowed), ${arrivals?.worst} arrivals (${arrivals?.allowed.toFixed(1)} allowed).`,
    `Gap error at arrival p50 ${gapErrorMs.arrivals.p50.toFixed(1)} ms, p99 ${gapErrorMs.arrivals.p99.toFixed(1)} ms. ${measures.returnedLate} slots came back late.`,
  ].join(' ');
}

describe(`${rows.toLocaleString('en')} rows at ${callsPerSecond}/s`, () => {
  let bench: PacingBench;
  beforeAll(async () => {
    bench = await PacingBench.create({ accounts: [account] });
  }, 120_000);
  afterAll(() => bench.dispose(), 60_000);
  const account = accountAt(0, callsPerSecond);

  it(`have their last slot ${mostSeconds} s after the first, each exactly one outcome, no second above the limit`, async () => {
    const requests = await bench.feed([{ account, rows }]);
    await bench.closed(requests, mostSeconds * 1_000 * 1.2 + 60_000);
    const history = await bench.evidence.history(bench.rows, 'whole');
    const { violations, measures } = judge(history, bench);
    const slots = history.slots.map(({ slotAt }) => slotAt);
    const arrivals = history.arrivals.map(({ at }) => at);
    const seconds = span(slots);
    const figures = {
      rate: callsPerSecond,
      mostSeconds,
      seconds,
      rateErrorPercent: (rateOf(slots) / callsPerSecond - 1) * 100,
      gapErrorMs: { slots: gaps(slots), arrivals: gaps(arrivals) },
      violations,
      measures,
    };
    publish({ name: 'pacing-headline', title: `${rows.toLocaleString('en')} rows at ${callsPerSecond}/s`, figures, text: lineOf(figures) });
    expect(violations).toEqual([]);
    expect(measures.outcomes).toEqual({ 'accepted: accepted': rows });
    expect(seconds).toBeLessThanOrEqual(mostSeconds);
  });
});
