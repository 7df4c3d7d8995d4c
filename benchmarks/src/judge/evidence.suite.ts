import type { Arrival, Evidence, Slot } from './evidence.ts';

/** Evidence of a perfect sender at a rate; what a spec is about is given over it. */
export function perfect(rate: number, seconds: number, over: Partial<Evidence> = {}): Evidence {
  const periodUs = Math.ceil(1_000_000 / rate) + (1_000_000 % rate === 0 ? 1 : 0);
  const times = Array.from({ length: Math.floor((seconds * 1_000_000) / periodUs) }, (_, i) => i * periodUs);
  const attempt = (i: number): string => `r${i}#1`;
  return {
    limit: rate,
    from: 0,
    to: seconds * 1_000_000,
    warmupUs: 0,
    slots: times.map((at, i) => slot({ at, attemptId: attempt(i) })),
    arrivals: times.map((at, i) => arrival(at + 2_000, { attemptId: attempt(i) })),
    returnedLate: 0,
    lost: 0,
    calledAt: new Map(times.map((at, i) => [attempt(i), at + 500])),
    decided: new Set(times.map((_, i) => attempt(i))),
    ...over,
  };
}

export const slot = (over: Partial<Slot> = {}): Slot => ({ at: 0, era: 0, lane: 'l', batchId: 'b', cost: 1, attemptId: 'r#1', ...over });

export const arrival = (at: number, over: Partial<Arrival> = {}): Arrival => ({
  at,
  attemptId: null,
  status: 201,
  endedAt: at + 100_000,
  ...over,
});
