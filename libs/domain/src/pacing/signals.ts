import type { ControlOrigin, EventTypes } from '@paceline/contracts';
import type { Controls } from '../controls/index.ts';
import type { Instant } from './clock-watch.ts';

/** How the senders stand, folded from their gauges; one that is older than two seconds counts as silence. */
export interface GaugeBoard {
  heed(gauge: EventTypes['SenderGauged'], nowMs: number): void;
  /** Whether somebody sends from this slots partition. */
  speaks(slotsPartition: number, nowMs: number): boolean;
  /** Calls under way of an account, over all partitions. */
  inFlight(account: string, nowMs: number): number;
  /** The worst p90 that any sender sees, milliseconds; null when none has one. */
  latencyP90Ms(account: string, nowMs: number): number | null;
  /** Of a call on average over all partitions, milliseconds; null when nobody has one. */
  latencyMeanMs(account: string, nowMs: number): number | null;
}

/**
 * A control that the pacer sets or lifts (value null), with its reason. Values: breaker `open`, `half-open`; lane parked
 * `parked`, `probing`, `stopped` (only a person lifts it); batch paused `stopped`; rate and cap numbers. Lanes are named
 * `lane:ACCOUNT/LANE` here: two accounts can have lanes of the same name.
 */
export interface ControlChange {
  readonly entity: string;
  readonly aspect: 'rate' | 'cap' | 'breaker' | 'parked' | 'paused' | 'cancelled';
  readonly origin: Exclude<ControlOrigin, 'operator'>;
  /** JSON; null lifts. */
  readonly value: string | null;
  readonly reason: string;
}

/**
 * Decides what an account's answers mean for its pace: adaptation, breaker, parked and stopped lanes and batches
 * (SignalSteward, account-steward.ts). The controls it is given must be those of the whole table, read to its end.
 */
export interface AccountSteward {
  heed(counted: EventTypes['CodesCounted'], now: Instant): void;
  /** What is to be written now; called at least once a second while anything is set or counted. */
  decide(controls: Controls, now: Instant): readonly ControlChange[];
  /** When `decide` may have more to say by itself, milliseconds monotonic; null = not before a count comes. */
  nextAtMs(): number | null;
}
