// Windows slide over every event: a fixed bucket would hide a burst that lies across its edge.

/** Microseconds. */
export const second = 1_000_000;
export const tenth = 100_000;

/** Indices in the order of time. */
export interface Timed {
  /** Microseconds, ascending. */
  readonly times: readonly number[];
  /** What each event counts; one when absent. */
  readonly costs?: readonly number[];
}

/** The most that any closed window [t, t + width] holds; two pointers, each event enters and leaves once. */
export function worstWindow({ times, costs }: Timed, widthUs: number): number {
  const costAt = (index: number): number => costs?.[index] ?? 1;
  let [worst, held, first] = [0, 0, 0];
  for (const [last, at] of times.entries()) {
    held += costAt(last);
    while (at - (times[first] ?? at) > widthUs) {
      held -= costAt(first);
      first += 1;
    }
    worst = Math.max(worst, held);
  }
  return worst;
}

/** What a limit may hold in one sliding second: ceil(limit) + the largest single cost - 1. */
export function allowedInSecond(limit: number, largestCost: number): number {
  return Math.ceil(limit) + largestCost - 1;
}

/** How much the worst sliding second holds above what the limit allows; 0 when it holds. */
export function overLimit(events: Timed, limit: number): number {
  const largest = events.costs === undefined ? 1 : events.costs.reduce((most, cost) => Math.max(most, cost), 1);
  return Math.max(0, worstWindow(events, second) - allowedInSecond(limit, largest));
}

/** Events per window of fixed width, for a drawing only: never judged. */
export function drawnCounts(
  times: readonly number[],
  span: { readonly from: number; readonly to: number; readonly widthUs: number },
): number[] {
  const counts = new Array<number>(Math.max(0, Math.ceil((span.to - span.from) / span.widthUs))).fill(0);
  for (const at of times) {
    const index = Math.floor((at - span.from) / span.widthUs);
    if (index >= 0 && index < counts.length) counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
