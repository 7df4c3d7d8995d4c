/**
 * Most instants in any window [t, t + windowMicros): two pointers over every instant, never fixed buckets. Takes them in
 * any order; instants and window in microseconds.
 */
export function worstWindow(instants: readonly number[], windowMicros: number): number {
  const sorted = Float64Array.from(instants).sort();
  let worst = 0;
  let first = 0;
  for (let last = 0; last < sorted.length; last += 1) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) >= windowMicros) first += 1;
    worst = Math.max(worst, last - first + 1);
  }
  return worst;
}
