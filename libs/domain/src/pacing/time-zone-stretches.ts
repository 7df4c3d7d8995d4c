import type { Micros } from '@paceline/contracts';
import { offsetAt } from './time-zone.ts';

export const dayMicros = 86_400_000_000;
const secondMicros = 1_000_000;

/** A span [from, until) in which a zone's clock runs without a step; local time = UTC + offset, all in microseconds. */
export interface Stretch {
  readonly from: Micros;
  readonly until: Micros;
  readonly offset: number;
}

interface Window {
  /** Instants that are well inside: a day of history before them, two days after. */
  readonly from: Micros;
  readonly until: Micros;
  readonly stretches: readonly Stretch[];
}

const windows = new Map<string, Window>();
const mostZones = 1000;

/**
 * The stretches of a zone from a day before the instant to at least two days after it, in order and without a gap. The
 * days at hand are kept per zone, so that the rules are asked once in some days, not once a call. An unknown zone throws.
 */
export function stretchesAround(at: Micros, timeZone: string): readonly Stretch[] {
  let window = windows.get(timeZone);
  if (window === undefined || at < window.from || at >= window.until) {
    window = windowAround(at, timeZone);
    if (windows.size >= mostZones) windows.clear();
    windows.set(timeZone, window);
  }
  return window.stretches;
}

function windowAround(at: Micros, timeZone: string): Window {
  const today = Math.floor(at / dayMicros) * dayMicros;
  const stretches: Stretch[] = [];
  let from = today - 2 * dayMicros;
  let offset = offsetOf(from, timeZone);
  for (let day = from; day < today + 5 * dayMicros; day += dayMicros) {
    const next = offsetOf(day + dayMicros, timeZone);
    if (next === offset) continue;
    const step = stepBetween(day, day + dayMicros, timeZone);
    stretches.push({ from, until: step, offset });
    [from, offset] = [step, next];
  }
  stretches.push({ from, until: today + 5 * dayMicros, offset });
  return { from: today - dayMicros, until: today + 2 * dayMicros, stretches };
}

/** The second in (before, after] from which on the later offset holds. */
function stepBetween(before: Micros, after: Micros, timeZone: string): Micros {
  const earlier = offsetOf(before, timeZone);
  let [low, high] = [before / secondMicros, after / secondMicros];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetOf(middle * secondMicros, timeZone) === earlier) low = middle;
    else high = middle;
  }
  return high * secondMicros;
}

const offsetOf = (at: Micros, timeZone: string): number => offsetAt(at / 1000, timeZone) * 1000;
