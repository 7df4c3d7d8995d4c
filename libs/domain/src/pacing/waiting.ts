import type { Backoff, EventOf, Micros, Request, ReturnReason } from '@paceline/contracts';

/** What the pacer folds from `requests`. */
export type RequestEvent = EventOf<'RequestAdmitted' | 'RetryScheduled' | 'SlotReturned' | 'RequestCarried'>;

/** One request that waits for a slot, as one record of `requests` left it. */
export interface Waiting {
  readonly offset: number;
  readonly request: Request;
  readonly attempt: number;
  readonly backoff: Backoff;
  /** Earliest slot, UTC microseconds; 0 = at once. */
  readonly notBefore: Micros;
  /** When it began to wait, UTC microseconds. */
  readonly since: Micros;
  /** Event that made it wait. */
  readonly causationId: string;
  /** Number of the slot that came back, when one did. */
  readonly returned: number | null;
  readonly traceparent: string | null;
}

const noBackoff: Backoff = { throttles: 0, since: null };

/**
 * How long a returned row stays away, microseconds: what its reason names will not be over at once. What controls say
 * (paused, cancelled) needs no hold: the pacer reads the same table.
 */
const holdMicros: Readonly<Partial<Record<ReturnReason, number>>> = {
  'breaker-open': 1_000_000,
  'quiet-hours': 60_000_000,
  'tables-not-fresh': 1_000_000,
  'no-place-in-flight': 500_000,
  'clock-ahead': 1_000_000,
  'unknown-account': 10_000_000,
};

interface Origin {
  readonly offset: number;
  readonly traceparent: string | null;
}

/** The row that a record makes wait. */
export function waitingOf(event: RequestEvent, { offset, traceparent }: Origin): Waiting {
  const { meta, request } = event.data;
  return {
    offset,
    request,
    attempt: event.type === 'RequestAdmitted' ? 1 : event.data.attempt,
    backoff: event.type === 'RequestAdmitted' ? noBackoff : event.data.backoff,
    notBefore: Math.max(request.notBefore ?? 0, earliestBy(event)),
    since: meta.occurredAt,
    causationId: meta.eventId,
    returned: event.type === 'SlotReturned' ? event.data.number : null,
    traceparent,
  };
}

function earliestBy(event: RequestEvent): Micros {
  switch (event.type) {
    case 'RequestAdmitted':
      return 0;
    case 'SlotReturned':
      return heldUntil(event);
    default:
      return event.data.notBefore ?? 0;
  }
}

function heldUntil(event: EventOf<'SlotReturned'>): Micros {
  const hold = holdMicros[event.data.reason as ReturnReason];
  return hold === undefined ? 0 : event.data.meta.occurredAt + hold;
}
