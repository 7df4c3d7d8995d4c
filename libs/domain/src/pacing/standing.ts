import { accountCap, accountOpenness, accountRate, type Controls, type Openness } from '../controls/index.ts';
import type { AccountPace } from './account-pace.ts';
import { probeMicros } from './doors.ts';
import type { FlightNow } from './in-flight-cap.ts';
import { earliestOf } from './limit.ts';
import type { GaugeBoard } from './signals.ts';

interface StandingTerms {
  readonly controls: Controls;
  readonly board: GaugeBoard;
  /** Milliseconds, monotonic. */
  readonly nowMs: number;
  /** Slots are stamped so far ahead, microseconds. */
  readonly lead: number;
}

/** What holds for an account now, by settings, controls and gauges. */
export interface Standing {
  readonly openness: Openness;
  /** Calls per second; 0 = nothing is granted. */
  readonly rate: number;
  readonly flight: FlightNow;
}

export function standingOf({ name, terms }: AccountPace, { controls, board, nowMs, lead }: StandingTerms): Standing {
  const latencyMs = board.latencyMeanMs(name, nowMs);
  return {
    openness: accountOpenness(controls, name),
    rate: accountRate(controls, name, terms.callsPerSecond),
    flight: {
      cap: accountCap(controls, name, terms.maxInFlight),
      inFlight: board.inFlight(name, nowMs),
      latency: latencyMs === null ? null : latencyMs * 1000,
      lead,
    },
  };
}

export const isStopped = ({ openness, rate, flight }: Standing): boolean => openness.kind === 'shut' || rate === 0 || flight.cap === 0;

/** First instant from `from` on at which the account, whatever its lanes say, may grant. */
export function accountOpensAt(account: AccountPace, { openness, flight }: Standing, from: number): number {
  const at = Math.max(earliestOf(account.charges, from), account.flight.earliest(from, flight));
  return openness.kind === 'probing' ? Math.max(at, account.calls.mark.lastAt + probeMicros) : at;
}
