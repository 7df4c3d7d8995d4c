import type { Micros } from '@paceline/contracts';
import { isTimeZone, offsetAt } from '../pacing/time-zone.ts';

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Reads an ISO 8601 instant up to the year 2254. Without an offset the text is local time in `timeZone`; without either it is refused:
 * guessing an hour could call people at night.
 */
export function parseInstant(text: string, timeZone: string | null): Micros | null {
  const match = iso.exec(text.trim());
  if (match === null) return null;
  const local = localMillis(match);
  if (local === null) return null;
  const fraction = Number((match[7] ?? '').padEnd(6, '0'));
  const offset = match[8] === undefined ? zoneOffset(local, timeZone) : writtenOffset(match[8]);
  return offset === null ? null : kept((local - offset) * 1000 + fraction);
}

/** Microseconds beyond June 2255 are no whole number that the log can hold: 9999-12-31 is no time. */
const kept = (micros: Micros): Micros | null => (Number.isSafeInteger(micros) ? micros : null);

/** Milliseconds as if the wall time were UTC; null when there is no such date or time. */
function localMillis(match: RegExpExecArray): number | null {
  const wall = match.slice(1, 7).map((part) => Number(part ?? 0));
  const millis = utcMillis(wall);
  const back = new Date(millis);
  const again = [
    back.getUTCFullYear(),
    back.getUTCMonth() + 1,
    back.getUTCDate(),
    back.getUTCHours(),
    back.getUTCMinutes(),
    back.getUTCSeconds(),
  ];
  return again.every((part, index) => part === wall[index]) ? millis : null;
}

/** Year, month (1-12), day, hour, minute, second. */
const utcMillis = ([year, month, ...rest]: readonly number[]): number => Date.UTC(year ?? 0, (month ?? 1) - 1, ...rest);

function writtenOffset(text: string): number | null {
  if (text.toUpperCase() === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(-2));
  if (hours > 14 || minutes > 59) return null;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Offset of a zone at a local wall time; two steps settle the hours around a change of the clocks. */
function zoneOffset(local: number, timeZone: string | null): number | null {
  if (timeZone === null || !isTimeZone(timeZone)) return null;
  const guess = offsetAt(local, timeZone);
  return offsetAt(local - guess, timeZone);
}
