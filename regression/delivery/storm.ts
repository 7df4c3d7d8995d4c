// What a run under throttling is judged by: the pace in force at each instant, and what was offered to the server.
import type { ArrivalFact, RateFact, SlotFact } from '../pacing/history.ts';
import { secondMicros, worstWindow } from '../pacing/windows.ts';

export interface StormTerms {
  readonly account: string;
  readonly configuredPerSecond: number;
  /** Slots stamped before a new pace was known may lie so far ahead of it. */
  readonly loopMicros: number;
}

export interface StormFacts {
  readonly slots: readonly SlotFact[];
  readonly arrivals: readonly ArrivalFact[];
  readonly rates: readonly RateFact[];
}

interface Stretch {
  readonly perSecond: number;
  readonly from: number;
  readonly to: number;
}

/** The stretches of time in which one pace was in force, as its own controls tell. */
function stretchesOf({ account, configuredPerSecond, loopMicros }: StormTerms, rates: readonly RateFact[]): readonly Stretch[] {
  const own = rates.filter((rate) => rate.account === account).toSorted((a, b) => a.at - b.at);
  return own.map(({ perSecond, at }, n) => ({
    perSecond: perSecond ?? configuredPerSecond,
    from: at + loopMicros,
    to: own[n + 1]?.at ?? Number.POSITIVE_INFINITY,
  }));
}

/** Seconds in which more slots were granted than the pace then in force allows; none may be. */
export function burstsOf(terms: StormTerms, { slots, rates }: Pick<StormFacts, 'slots' | 'rates'>): readonly string[] {
  const own = slots.filter(({ account }) => account === terms.account).map(({ slotAt: at }) => ({ at, cost: 1 }));
  return stretchesOf(terms, rates).flatMap(({ perSecond, from, to }) => {
    const worst = worstWindow(
      own.filter(({ at }) => at >= from && at < to),
      secondMicros,
      'both',
    );
    return worst > Math.ceil(perSecond) ? [`${terms.account}: ${worst} slots in a second while its pace was ${perSecond}/s`] : [];
  });
}

export interface SettledTerms extends StormTerms {
  /** Time to settle, from the first refusal on. */
  readonly afterMicros: number;
  /** Calls at the end that are left out: rows run out. */
  readonly tail: number;
}

export interface Settled {
  /** Seconds looked at. */
  readonly seconds: number;
  readonly offeredPerSecond: number;
  readonly acceptedPerSecond: number;
  /** In the best ten seconds of the whole run. */
  readonly bestPerSecond: number;
  readonly refusedShare: number;
}

const bestMicros = 10 * secondMicros;

/** How it went from so long after the first refusal on, until rows began to run out. */
export function settledOf({ account, afterMicros, tail }: SettledTerms, arrivals: readonly ArrivalFact[]): Settled {
  const own = arrivals.filter((arrival) => arrival.account === account).toSorted((a, b) => a.at - b.at);
  const first = own.find(isRefused)?.at ?? Number.POSITIVE_INFINITY;
  const from = first + afterMicros;
  const to = own.at(-1 - tail)?.at ?? 0;
  const late = own.filter(({ at }) => at >= from && at <= to);
  const seconds = Math.max(0, (to - from) / secondMicros);
  return {
    seconds,
    offeredPerSecond: late.length / seconds,
    acceptedPerSecond: late.filter(({ accepted }) => accepted).length / seconds,
    bestPerSecond:
      worstWindow(
        own.filter(({ accepted }) => accepted).map(({ at }) => ({ at, cost: 1 })),
        bestMicros,
        'first',
      ) / 10,
    refusedShare: late.filter(isRefused).length / late.length,
  };
}

const isRefused = ({ accepted, answered }: ArrivalFact): boolean => answered && !accepted;

/** Calls of the account that were refused. */
export const refusedOf = ({ account }: StormTerms, arrivals: readonly ArrivalFact[]): number =>
  arrivals.filter((arrival) => arrival.account === account && isRefused(arrival)).length;
