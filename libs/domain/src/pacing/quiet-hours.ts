import type { Micros } from '@paceline/contracts';
import { dayMicros, stretchesAround } from './time-zone-stretches.ts';

/** No call begins in [from, to) of the recipient's own day; HH:MM. A span over midnight is one; equal ends mean never. */
export interface QuietSpan {
  readonly from: string;
  readonly to: string;
}

/**
 * Promise: null when a call may begin at that instant in that zone, else the first instant at which it may. What counts is
 * what the recipient's clock shows: hours skipped or repeated when the clocks change are judged as the clock shows them.
 * The zone must be one that isTimeZone knows. Property: quiet-hours.spec.ts.
 */
export function quietUntil(at: Micros, timeZone: string, hours: QuietSpan): Micros | null {
  const from = timeOfDay(hours.from);
  const to = timeOfDay(hours.to);
  if (from === to) return null;
  let instant = at;
  for (const stretch of stretchesAround(at, timeZone)) {
    if (stretch.until <= instant) continue;
    const left = quietLeft(instant + stretch.offset, from, to);
    if (left === 0) return instant === at ? null : instant;
    if (instant + left < stretch.until) return instant + left;
    instant = stretch.until;
  }
  return instant;
}

/** Microseconds of quiet left at a local instant; 0 outside the span. */
function quietLeft(local: number, from: number, to: number): number {
  const length = modulo(to - from, dayMicros);
  const passed = modulo(local - from, dayMicros);
  return passed < length ? length - passed : 0;
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

/** HH:MM as microseconds since midnight. */
export const timeOfDay = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * 60_000_000;
