import type { Instant } from './clock-watch.ts';
import type { Closure } from './closures.ts';
import type { StateEntry } from './released-offsets.ts';
import type { ControlChange } from './signals.ts';
import type { Waiting } from './waiting.ts';

/** The permission for one row's call, not yet committed. */
export interface Grant {
  readonly item: Waiting;
  /** UTC microseconds. */
  readonly slotAt: number;
  readonly number: number;
  readonly era: number;
  /** On the account's own limit. */
  readonly cost: number;
}

export interface Tick {
  readonly now: Instant;
  /** Slots are stamped at least this far ahead, microseconds: a sender is never late by construction. */
  readonly minLead: number;
  /** ... and at most this far. */
  readonly lead: number;
  /** False while the controls may lack the latest word: then nothing is granted. */
  readonly controlsFresh: boolean;
  /** Most rows closed in one transaction. */
  readonly maxClosures: number;
}

export interface Slice {
  /** In slot order. */
  readonly grants: readonly Grant[];
  readonly closures: readonly Closure[];
  /** Rows to append again at the end of the log. */
  readonly carried: readonly Waiting[];
  readonly controls: readonly ControlChange[];
  /** What of accounts and limits moved with the grants. */
  readonly state: readonly StateEntry[];
  /** Slots that passed unused although rows waited, by account. */
  readonly lost: ReadonlyMap<string, number>;
  /** The wall clock's step since the last slice, microseconds; 0 = none. */
  readonly step: number;
}
