import type { CallPlan, Deadline, GateReason, Instant, Observation } from '@paceline/domain/sending';

/** A committed claim as whoever fires it needs it. Times on the common monotonic clock. */
export interface HandedClaim {
  /** Its cell in the table of pending claims, armed. */
  readonly cell: number;
  readonly account: string;
  readonly plan: CallPlan;
  /** The slot's instant. */
  readonly dueMs: number;
  readonly deadline: Deadline;
}

/**
 * What became of a handed claim, by its cell: `dropped` (it was revoked before its instant), `declined` (not called), or
 * `fired` and then `ended`. After dropped, declined and ended the cell is the main thread's again.
 */
export type FiringReport =
  | { readonly kind: 'dropped'; readonly cell: number }
  | { readonly kind: 'declined'; readonly cell: number; readonly reason: GateReason; readonly lateMs: number }
  | { readonly kind: 'fired'; readonly cell: number; readonly at: Instant; readonly lateMs: number }
  | { readonly kind: 'ended'; readonly cell: number; readonly at: Instant; readonly observation: Observation };

export interface FiringListener {
  reported(reports: readonly FiringReport[]): void;
  /** Nothing is fired or reported any more, and it was not asked for. Told once. */
  died(error: Error): void;
}

/**
 * Whoever fires claims at their instants. Each handed claim ends in one report; who fires makes the last check, takes
 * the claim from its cell and makes one call at most, all in one tick.
 */
export interface Firing {
  listen(listener: FiringListener): void;
  /** Takes claims whose commit is known. Their cells stay armed until they are revoked, declined or fired. */
  hand(claims: readonly HandedClaim[]): void;
  /** Ends all connections: the calls under way then end, in doubt. */
  disconnect(): Promise<void>;
}
