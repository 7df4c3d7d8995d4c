// What the rounds of the kill matrix add up to, as figures with their bars.
import { victims, type Kill } from '../../regression/chaos/crew.ts';
import { invariants, type Invariant } from '../../regression/chaos/invariants.ts';
import type { KillRun, Target } from '../../regression/chaos/kill-run.ts';
import type { Recovery } from '../../regression/chaos/recovery.ts';
import { quantile } from '../../regression/pacing/windows.ts';
import { atLeast, figure, nothing, type Figure } from './judge/figure.ts';
import type { CaseOutcome } from './report/result-line.ts';

export interface DeliveryTerms {
  readonly runs: readonly KillRun[];
  readonly targets: readonly Target[];
  /** Kills that are wanted at each label, and at random instants. */
  readonly wanted: { readonly perLabel: number; readonly random: number };
}

export const nameOf = ({ victim, label }: Pick<Target, 'victim' | 'label'>): string => `${victim} at ${label}`;

/** Whoever is killed at random. */
const killed: readonly Kill['victim'][] = [...victims, 'broker'];

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

function labelFigures({ targets, wanted }: DeliveryTerms, all: readonly Recovery[]): Figure[] {
  const kills = (target: Target): number => all.filter(({ kill }) => kill.victim === target.victim && kill.label === target.label).length;
  return targets.map((target) => figure({ metric: nameOf(target), value: kills(target), unit: 'kills' }, atLeast(wanted.perLabel)));
}

function randomFigures({ wanted }: DeliveryTerms, random: readonly Recovery[]): Figure[] {
  const of = (victim: Kill['victim']): number => random.filter(({ kill }) => kill.victim === victim).length;
  return [
    figure({ metric: 'kills', value: random.length, unit: 'kills' }, atLeast(wanted.random)),
    ...killed.map((victim) => figure({ metric: `of them ${victim}`, value: of(victim), unit: 'kills' })),
  ];
}

function rowFigures({ runs }: DeliveryTerms): Figure[] {
  const verdicts = runs.map(({ verdict }) => verdict);
  const broken = (name: Invariant): number => sum(verdicts.map(({ violations }) => violations[name].length));
  const outcomes = new Map<string, number>();
  for (const { outcomes: own } of verdicts) for (const [end, n] of Object.entries(own)) outcomes.set(end, (outcomes.get(end) ?? 0) + n);
  return [
    figure({ metric: 'rows', value: sum(verdicts.map(({ rows }) => rows)), unit: 'rows' }),
    figure({ metric: 'calls received', value: sum(verdicts.map(({ calls }) => calls)), unit: 'calls' }),
    figure({ metric: 'lost', value: sum(verdicts.map(({ lost }) => lost)), unit: 'rows' }, nothing),
    figure({ metric: 'double', value: sum(verdicts.map(({ doubled }) => doubled)), unit: 'rows' }, nothing),
    figure({ metric: 'doubts', value: sum(verdicts.map(({ doubts }) => doubts)), unit: 'rows' }),
    ...[...outcomes].toSorted().map(([end, n]) => figure({ metric: end, value: n, unit: 'rows' })),
    ...(Object.keys(invariants) as Invariant[]).map((name) =>
      figure({ metric: `${name}: ${invariants[name]}`, value: broken(name), unit: 'violations' }, nothing),
    ),
    figure(
      { metric: 'labels missed, processes that ended by themselves', value: sum(runs.map(({ surprises }) => surprises.length)), unit: '' },
      nothing,
    ),
  ];
}

function recoveryFigures(own: readonly Recovery[]): Figure[] {
  const rising = own.map(({ ms }) => ms ?? Infinity).sort((a, b) => a - b);
  const at = (share: number): number | null => (own.length === 0 ? null : quantile(rising, share) / 1_000);
  return [
    figure({ metric: 'kills', value: own.length, unit: 'kills' }),
    figure({ metric: 'of them with a pause of the calls of 1 s or more', value: own.filter(({ paused }) => paused).length, unit: 'kills' }),
    figure({ metric: 'recovery p50', value: at(0.5), unit: 's' }),
    figure({ metric: 'recovery p95', value: at(0.95), unit: 's' }),
  ];
}

export function deliveryOutcomes(terms: DeliveryTerms, at: string): CaseOutcome[] {
  const all = terms.runs.flatMap(({ recoveries }) => recoveries);
  // At labels one kill follows the other as soon as the service is back: those pauses tell of the next kill.
  const random = all.filter(({ kill }) => kill.label === null);
  const outcome = (name: string, figures: readonly Figure[]): CaseOutcome => ({ name, otherCpu: null, at, figures });
  return [
    outcome('all rows', rowFigures(terms)),
    outcome('kills at random instants', randomFigures(terms, random)),
    outcome('after any of them', recoveryFigures(random)),
    ...killed.map((victim) =>
      outcome(`after a kill of the ${victim}`, recoveryFigures(random.filter(({ kill }) => kill.victim === victim))),
    ),
    outcome('kills at labels', labelFigures(terms, all)),
  ];
}
