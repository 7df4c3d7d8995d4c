/** In flight from this share of it on, the cap is what holds calls back. */
const fullShare = 0.95;
/** One place of fewer is too large a part of the pace to be taken on suspicion. */
const leastCap = 30;
/** Where calls are short a wrong suspicion shows at once: of fewer places, and though a gauge may have missed the fullest moment. */
const shortCallMs = 500;
const leastCapOfShortCalls = 15;
const missedByGauges = 2;

/** Whether calls filled the cap so far that a little throttling may be blamed on its last places. */
export function isFull(cap: number, peakInFlight: number, latencyMs: number): boolean {
  if (latencyMs > shortCallMs) return cap >= leastCap && peakInFlight >= cap * fullShare;
  return cap >= leastCapOfShortCalls && peakInFlight >= Math.min(cap * fullShare, cap - missedByGauges);
}
