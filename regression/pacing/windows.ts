// Sliding windows by two pointers over every instant, never fixed buckets.
import { attemptOf, groupBy, type ArrivalFact, type History, type ResponseFact, type SlotFact } from './history.ts';

export const secondMicros = 1_000_000;

/** A limit as its owner configured it. */
export interface JudgedLimit {
  readonly name: string;
  readonly perSecond: number;
  /** What a slot costs on this limit; 0 = it is not under it. */
  cost(slot: Pick<SlotFact, 'account' | 'lane' | 'segments'>): number;
}

export interface Weighed {
  readonly at: number;
  readonly cost: number;
}

/** Largest cost in any window. `both` counts instants exactly one window apart together, `first` does not. */
export function worstWindow(points: readonly Weighed[], windowMicros: number, ends: 'both' | 'first'): number {
  const sorted = points.toSorted((a, b) => a.at - b.at);
  const longest = ends === 'both' ? windowMicros : windowMicros - 1;
  let worst = 0;
  let held = 0;
  let first = 0;
  for (const { at, cost } of sorted) {
    held += cost;
    for (; at - (sorted[first]?.at ?? at) > longest; first += 1) held -= sorted[first]?.cost ?? 0;
    worst = Math.max(worst, held);
  }
  return worst;
}

export interface WindowVerdict {
  readonly limit: string;
  readonly worst: number;
  readonly allowed: number;
}

/** I4: granted cost in any second of one clock era <= ceil(limit) + largest single cost - 1. */
export function slotWindows(slots: readonly SlotFact[], limits: readonly JudgedLimit[]): readonly WindowVerdict[] {
  return limits.map((limit) => {
    const under = slots.filter((slot) => limit.cost(slot) > 0);
    const largest = under.reduce((most, slot) => Math.max(most, limit.cost(slot)), 1);
    const eras = [...groupBy(under, ({ account, era }) => `${account} ${era}`).values()];
    const worst = eras.map((era) =>
      worstWindow(
        era.map((slot) => ({ at: slot.slotAt, cost: limit.cost(slot) })),
        secondMicros,
        'both',
      ),
    );
    return { limit: limit.name, worst: Math.max(0, ...worst), allowed: Math.ceil(limit.perSecond) + largest - 1 };
  });
}

/** Microseconds between the write of each call and its arrival, rising; calls whose answer nobody recorded are not known. */
export function writeToArrival({ arrivals, responses }: Pick<History, 'arrivals' | 'responses'>): readonly number[] {
  const calledAt = new Map(
    responses
      .filter((response): response is ResponseFact & { calledAt: number } => response.calledAt !== null)
      .map((r) => [attemptOf(r), r.calledAt]),
  );
  const spans = arrivals.flatMap((arrival) => {
    const called = calledAt.get(attemptOf(arrival));
    return called === undefined ? [] : [arrival.at - called];
  });
  return spans.sort((a, b) => a - b);
}

/** The value below which this share of the rising values lies; 0 of none. */
export function quantile(rising: readonly number[], share: number): number {
  return rising[Math.min(rising.length - 1, Math.ceil(rising.length * share) - 1)] ?? 0;
}

export interface ArrivalTerms {
  readonly lateToleranceMicros: number;
  /** p99.9 of write-to-arrival, microseconds. */
  readonly transitMicros: number;
}

/** Arrivals in any second <= limit x (1 + (late tolerance + transit) / 1 s) + 2. Limits that count calls only. */
export function arrivalWindows(
  arrivals: readonly ArrivalFact[],
  limits: ReadonlyMap<string, number>,
  { lateToleranceMicros, transitMicros }: ArrivalTerms,
): readonly WindowVerdict[] {
  return [...limits].map(([account, perSecond]) => {
    const own = arrivals.filter((arrival) => arrival.account === account).map(({ at }) => ({ at, cost: 1 }));
    const stretch = (lateToleranceMicros + Math.max(0, transitMicros)) / secondMicros;
    return { limit: account, worst: worstWindow(own, secondMicros, 'first'), allowed: perSecond * (1 + stretch) + 2 };
  });
}

/** Longest time between two neighbours among the instants, and from `from` to the first; microseconds. */
export function longestGap(instants: readonly number[], from = Number.POSITIVE_INFINITY): number {
  const rising = instants.toSorted((a, b) => a - b);
  return rising.reduce((longest, at, n) => Math.max(longest, at - (rising[n - 1] ?? Math.min(from, at))), 0);
}
