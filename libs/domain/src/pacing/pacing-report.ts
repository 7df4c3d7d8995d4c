/** Why rows wait, for a person; the nearest cause that keeps the first of them from its slot. */
export type WaitingReason =
  | { readonly kind: 'rate'; readonly callsPerSecond: number }
  | { readonly kind: 'lane-rate'; readonly segmentsPerSecond: number }
  | { readonly kind: 'api-rate'; readonly api: string; readonly callsPerSecond: number }
  | { readonly kind: 'daily-cap'; readonly cap: number }
  | { readonly kind: 'in-flight'; readonly cap: number }
  | { readonly kind: 'no-sender' }
  | { readonly kind: 'not-before' }
  | { readonly kind: 'quiet-hours'; readonly timeZone: string | null }
  | { readonly kind: 'paused'; readonly entity: string; readonly by: string; readonly reason: string }
  | { readonly kind: 'parked'; readonly entity: string; readonly reason: string }
  | { readonly kind: 'breaker'; readonly reason: string };

/** Rows of one batch and lane that wait for the same thing. */
export interface WaitingGroup {
  readonly batchId: string;
  readonly lane: string;
  readonly priority: number;
  readonly rows: number;
  /** Since when the row longest in turn waits, UTC microseconds; null when none is due. */
  readonly waitingSince: number | null;
  readonly reason: WaitingReason;
  /** Earliest slot of the first of them as things stand, UTC microseconds; null = not by itself. */
  readonly nextAt: number | null;
}

export interface AccountReport {
  readonly account: string;
  readonly waiting: number;
  /** Since when the row longest in turn waits, UTC microseconds; null when none is due. */
  readonly waitingSince: number | null;
  /** In force now, after controls and adaptation. */
  readonly callsPerSecond: number;
  readonly configuredCallsPerSecond: number;
  /** In force now; null while no sender told how it stands. */
  readonly maxInFlight: number | null;
  readonly inFlight: number;
  readonly era: number;
  readonly groups: readonly WaitingGroup[];
}

/** What a pacer says of the partitions it owns, at GET /pacing. */
export interface PacingReport {
  readonly schemaVersion: 1;
  readonly at: number;
  readonly accounts: readonly AccountReport[];
}
