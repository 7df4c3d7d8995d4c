// The verdict over a run of pacer and sender: pure, from the public topics and the server's ledger alone.
import { groupBy, type History } from './history.ts';
import { callsOf, grantsTwice, numbersTwice, outcomesOf, truthOf, usesOf } from './single-use.ts';
import { arrivalWindows, quantile, secondMicros, slotWindows, writeToArrival, type JudgedLimit, type WindowVerdict } from './windows.ts';

export interface JudgedAccount {
  readonly name: string;
  readonly callsPerSecond: number;
  /** Segments per second by lane, for senders with a rate of their own. */
  readonly lanes: ReadonlyMap<string, number>;
}

export interface JudgeTerms {
  readonly accounts: readonly JudgedAccount[];
  readonly lateToleranceMs: number;
}

export interface Measures {
  readonly rows: number;
  readonly slots: number;
  readonly returned: number;
  readonly returnedLate: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly calls: number;
  /** p99.9 from the write of a call to its arrival, ms. */
  readonly transitP999Ms: number;
  readonly slotWindows: readonly WindowVerdict[];
  readonly arrivalWindows: readonly WindowVerdict[];
}

export interface Verdict {
  /** What must never be; at most 20, so that a failure can be read. */
  readonly violations: readonly string[];
  readonly measures: Measures;
}

const mostTold = 20;

/** Every limit of the accounts, by what a slot costs on it. */
export function limitsOf(accounts: readonly JudgedAccount[]): readonly JudgedLimit[] {
  return accounts.flatMap(({ name, callsPerSecond, lanes }): JudgedLimit[] => [
    { name, perSecond: callsPerSecond, cost: (slot) => (slot.account === name ? 1 : 0) },
    ...[...lanes].map(([lane, perSecond]) => ({
      name: `${name} ${lane}`,
      perSecond,
      cost: (slot: { account: string; lane: string; segments: number }) =>
        slot.account === name && slot.lane === lane ? slot.segments : 0,
    })),
  ]);
}

const overruns = (what: string, windows: readonly WindowVerdict[]): string[] =>
  windows
    .filter(({ worst, allowed }) => worst > allowed)
    .map(({ limit, worst, allowed }) => `${limit}: ${worst} ${what} in a second, ${allowed.toFixed(2)} allowed`);

export function judge(history: History, terms: JudgeTerms): Verdict {
  const transitMicros = quantile(writeToArrival(history), 0.999);
  const slots = slotWindows(history.slots, limitsOf(terms.accounts));
  const rates = new Map(terms.accounts.map(({ name, callsPerSecond }) => [name, callsPerSecond]));
  const arrivals = arrivalWindows(history.arrivals, rates, { lateToleranceMicros: terms.lateToleranceMs * 1_000, transitMicros });
  const violations = [
    ...overruns('granted', slots),
    ...overruns('arrived', arrivals),
    ...numbersTwice(history),
    ...grantsTwice(history),
    ...usesOf(history),
    ...callsOf(history),
    ...outcomesOf(history),
    ...truthOf(history),
  ];
  return {
    violations: violations.slice(0, mostTold),
    measures: { ...countsOf(history), transitP999Ms: transitMicros / 1_000, slotWindows: slots, arrivalWindows: arrivals },
  };
}

function countsOf({
  rows,
  slots,
  returns,
  outcomes,
  arrivals,
}: History): Omit<Measures, 'transitP999Ms' | 'slotWindows' | 'arrivalWindows'> {
  const byOutcome = [...groupBy(outcomes, ({ outcome, reason }) => `${outcome}: ${reason}`)].map(([outcome, group]) => [
    outcome,
    group.length,
  ]);
  return {
    rows: rows.size,
    slots: slots.length,
    returned: returns.length,
    returnedLate: returns.filter(({ reason }) => reason === 'late').length,
    outcomes: Object.fromEntries(byOutcome) as Record<string, number>,
    calls: arrivals.length,
  };
}

/** Long-run rate over the slots, first to last, per second. */
export function rateOf(instants: readonly number[]): number {
  const rising = instants.toSorted((a, b) => a - b);
  return ((rising.length - 1) * secondMicros) / ((rising.at(-1) ?? 0) - (rising[0] ?? 0));
}
