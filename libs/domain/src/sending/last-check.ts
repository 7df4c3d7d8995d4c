import type { GateReason } from './observation.ts';

/** The end of a claim on both clocks: a step of one of them cannot make a late call look early. */
export interface Deadline {
  readonly wallMicros: number;
  readonly monotonicMs: number;
}

/** Now on both clocks. */
export type Instant = Deadline;

/** No first byte after slotAt + tolerance, nor after the row's own end. */
export function deadlineOf(slot: { slotAt: number; expiresAt: number | null }, lateToleranceMs: number): number {
  const tolerated = slot.slotAt + lateToleranceMs * 1000;
  return slot.expiresAt === null ? tolerated : Math.min(tolerated, slot.expiresAt);
}

/** The same instant of the future on the monotonic clock, as both clocks stand now. */
export const onMonotonic = (atMicros: number, now: Instant): number => now.monotonicMs + (atMicros - now.wallMicros) / 1000;

export interface FireGates {
  readonly tablesFresh: boolean;
  readonly controlled: boolean;
  readonly suppressed: boolean;
}

/** The check in the same tick as the call: the reason not to make it, or null. A place in flight is taken after it. */
export function lastCheck(now: Instant, deadline: Deadline, gates: FireGates): GateReason | null {
  if (now.wallMicros > deadline.wallMicros || now.monotonicMs > deadline.monotonicMs) return 'deadline-passed';
  return !gates.tablesFresh || gates.controlled || gates.suppressed ? 'gate-closed' : null;
}
