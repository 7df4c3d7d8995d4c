// How long the calls were away after a kill, by the server's ledger.
import type { Kill } from './crew.ts';

const secondMicros = 1_000_000;
/** Shorter than this is no pause but the distance of calls at the pace of the run. */
const leastPauseMicros = secondMicros;

/** UTC microseconds. */
interface Timed {
  readonly at: number;
}

export interface Recovery<K extends Timed = Kill> {
  readonly kill: K;
  /**
   * Milliseconds from the kill to the next accepted call; when calls paused for a second or more before the next kill,
   * to the first one after that pause. Null: none came any more.
   */
  readonly ms: number | null;
  readonly paused: boolean;
}

/** `accepted`: arrivals of accepted calls; UTC microseconds, in any order. */
export function recoveries<K extends Timed>(kills: readonly K[], accepted: readonly number[]): readonly Recovery<K>[] {
  const rising = accepted.toSorted((a, b) => a - b);
  const inOrder = kills.toSorted((a, b) => a.at - b.at);
  return inOrder.map((kill, n) => recoveryOf(kill, inOrder[n + 1]?.at ?? Infinity, rising));
}

function recoveryOf<K extends Timed>(kill: K, until: number, rising: readonly number[]): Recovery<K> {
  let [from, longest, back] = [kill.at, 0, null as number | null];
  for (const at of rising) {
    if (at <= kill.at) continue;
    if (from > until) break;
    // What lies after the next kill is that one's: a pause belongs to the kill that it began after.
    const length = Math.min(at, until) - from;
    if (back === null || (length > longest && length >= leastPauseMicros)) [longest, back] = [length, at];
    from = at;
  }
  return { kill, ms: back === null ? null : (back - kill.at) / 1_000, paused: longest >= leastPauseMicros };
}
