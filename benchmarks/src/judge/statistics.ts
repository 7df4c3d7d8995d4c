/** Events per second: the slope of a straight line laid through (time, events so far) by least squares; null below three events. */
export function leastSquaresRate(times: readonly number[], costs?: readonly number[]): number | null {
  const n = times.length;
  if (n < 3) return null;
  const origin = times[0] ?? 0;
  const sums = { x: 0, y: 0, xx: 0, xy: 0 };
  let soFar = 0;
  for (let i = 0; i < n; i += 1) {
    const x = ((times[i] ?? 0) - origin) / 1_000_000;
    // An event of cost c stands for c events that begin with it.
    const y = soFar;
    soFar += costs?.[i] ?? 1;
    sums.x += x;
    sums.y += y;
    sums.xx += x * x;
    sums.xy += x * y;
  }
  const spread = n * sums.xx - sums.x * sums.x;
  return spread === 0 ? null : (n * sums.xy - sums.x * sums.y) / spread;
}

/** The value below which the share q lies, by nearest rank; null without values. */
export function quantile(values: readonly number[], q: number): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null;
}

/** How far each gap between neighbours is from the period of the rate, milliseconds. */
export function gapErrorsMs(times: readonly number[], rate: number): number[] {
  const periodUs = 1_000_000 / rate;
  const errors: number[] = [];
  for (let i = 1; i < times.length; i += 1) errors.push(Math.abs((times[i] ?? 0) - (times[i - 1] ?? 0) - periodUs) / 1_000);
  return errors;
}

/** Largest error of a share among the given weights, relative to the share due, percent; null without events. */
export function shareErrorPercent(counts: ReadonlyMap<string, number>, weights: ReadonlyMap<string, number>): number | null {
  let [events, weight] = [0, 0];
  for (const [name, own] of weights) {
    weight += own;
    events += counts.get(name) ?? 0;
  }
  if (events === 0) return null;
  let worst = 0;
  for (const [name, own] of weights) {
    const due = (events * own) / weight;
    worst = Math.max(worst, Math.abs((counts.get(name) ?? 0) - due) / due);
  }
  return worst * 100;
}

/** Signed error against what was wanted, percent; null when nothing was measured. */
export function errorPercent(measured: number | null, wanted: number): number | null {
  return measured === null ? null : (measured / wanted - 1) * 100;
}
