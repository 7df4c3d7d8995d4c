export interface Latency {
  readonly medianMs: number;
  readonly p99Ms: number;
}

const P99_DEVIATIONS = 2.326347874;

/** One log-normal answer time with this median and 99th percentile; both equal = a fixed time. `uniform` draws from [0, 1). */
export function latencyOf({ medianMs, p99Ms }: Latency, uniform: () => number): number {
  if (medianMs === 0 || p99Ms <= medianMs) return medianMs;
  const sigma = Math.log(p99Ms / medianMs) / P99_DEVIATIONS;
  return medianMs * Math.exp(sigma * normal(uniform));
}

/** Box-Muller: one standard normal deviate. */
const normal = (uniform: () => number): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
