// One line of JSON per figure: what is printed, kept and read again by the page that shows it.
import type { Figure } from '../judge/figure.ts';

export interface ResultLine {
  readonly bench: string;
  readonly case: string;
  readonly metric: string;
  readonly value: number | null;
  readonly unit: string;
  readonly bar: string | null;
  readonly pass: boolean | null;
  readonly commit: string;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Everything else on the machine during the case, percent of one core; null where nothing was run. */
  readonly otherCpu: number | null;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export type RunFacts = Pick<ResultLine, 'bench' | 'commit' | 'node' | 'versions'>;

export interface CaseOutcome {
  readonly name: string;
  readonly otherCpu: number | null;
  readonly at: string;
  readonly figures: readonly Figure[];
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 10_000) / 10_000);

export function resultLines(facts: RunFacts, outcomes: readonly CaseOutcome[]): ResultLine[] {
  return outcomes.flatMap(({ name, otherCpu, at, figures }) =>
    figures.map(({ metric, value, unit, bar, pass }) => {
      const { bench, commit, node, versions } = facts;
      const measured = { metric, value: rounded(value), unit, bar, pass };
      return { bench, case: name, ...measured, commit, node, versions, otherCpu: rounded(otherCpu), at };
    }),
  );
}

export const barsOf = (lines: readonly ResultLine[]): ResultLine[] => lines.filter(({ pass }) => pass !== null);

/** The last line of every benchmark. */
export function verdict(lines: readonly ResultLine[]): { readonly text: string; readonly missed: number } {
  const bars = barsOf(lines);
  const missed = bars.filter(({ pass }) => pass === false).length;
  return { text: `${bars.length - missed} bars met, ${missed} missed`, missed };
}
