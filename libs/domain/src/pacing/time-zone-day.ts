import type { Micros } from '@paceline/contracts';
import { timeOfDay } from './quiet-hours.ts';
import { dayMicros, stretchesAround, type Stretch } from './time-zone-stretches.ts';

/** When a day's count begins again: local time HH:MM in an IANA zone. */
export interface DailyReset {
  readonly at: string;
  readonly zone: string;
}

/**
 * The first reset after an instant. Each local date has one: the first time its clock shows that time or, where the clocks
 * skip it, a later one. So an hour that comes twice never empties a count twice.
 */
export function nextDailyReset(at: Micros, reset: DailyReset): Micros {
  const stretches = stretchesAround(at, reset.zone);
  const offset = stretches.find(({ until }) => at < until)?.offset ?? 0;
  const today = Math.floor((at + offset) / dayMicros) * dayMicros + timeOfDay(reset.at);
  const next = [today, today + dayMicros, today + 2 * dayMicros]
    .map((local) => firstShowing(local, stretches))
    .find((instant) => instant > at);
  return next ?? at + dayMicros;
}

/** The first instant at which the clock shows this local time or a later one. */
function firstShowing(local: number, stretches: readonly Stretch[]): Micros {
  for (const { from, until, offset } of stretches) {
    const instant = Math.max(from, local - offset);
    if (instant < until) return instant;
  }
  return stretches.at(-1)?.until ?? local;
}
