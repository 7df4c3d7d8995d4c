import type { Micros } from '@paceline/contracts';

/** How long a level has only risen: the lowest level of each stretch is compared with that of the stretch before. */
export interface Growth {
  /** Beginning of the stretch, and its lowest level so far. */
  readonly from: Micros;
  readonly lowest: number;
  /** Lowest level of the stretch before; null when there was none. */
  readonly before: number | null;
  /** Since when each stretch was above the one before; null while it is not. */
  readonly since: Micros | null;
}

const stretchMicros = 30_000_000;
/** After so long without a level it begins anew. */
const gapMicros = 120_000_000;

/** Levels of one stretch may swing; a level at or below that of the stretch before ends the growth. */
export function grown(growth: Growth | null, level: number, at: Micros): Growth {
  const from = at - (at % stretchMicros);
  if (growth === null || from - growth.from >= gapMicros) return { from, lowest: level, before: null, since: null };
  if (from <= growth.from) return risen({ ...growth, lowest: Math.min(growth.lowest, level) }, growth.from);
  return risen({ from, lowest: level, before: growth.lowest, since: growth.since }, growth.from);
}

/** Minutes; 0 while it does not grow. */
export const growthMinutes = (growth: Growth | null, now: Micros): number =>
  growth === null || growth.since === null ? 0 : Math.max(0, (now - growth.since) / 60_000_000);

function risen(growth: Growth, start: Micros): Growth {
  if (growth.before === null) return growth;
  return { ...growth, since: growth.lowest > growth.before ? (growth.since ?? start) : null };
}
