/** A slot as its topic shows it to a reader of committed records. */
export interface SlotFact {
  readonly account: string;
  readonly lane: string;
  readonly requestId: string;
  readonly attempt: number;
  readonly number: number;
  readonly era: number;
  /** UTC microseconds. */
  readonly slotAt: number;
  /** Message segments of the request. */
  readonly segments: number;
}

/** A slot that was claimed or given back. */
export interface SlotUse {
  readonly account: string;
  readonly requestId: string;
  readonly attempt: number;
  /** The slot's number. */
  readonly number: number;
}

export interface ReturnFact extends SlotUse {
  readonly reason: string;
}

export interface ClaimFact extends SlotUse {
  /** Process that claimed. */
  readonly sender: string;
  /** Last instant of its call, UTC microseconds. */
  readonly deadline: number;
  /** Partition of the slots. */
  readonly partition: number;
}

export interface ResponseFact {
  readonly requestId: string;
  readonly attempt: number;
  readonly class: string;
  /** Start of the call by the sender's clock, UTC microseconds; null when there was none. */
  readonly calledAt: number | null;
  /** When the log took it, by the broker's clock, UTC milliseconds: its writer may have tried for long. */
  readonly recordedMs: number;
}

export interface OutcomeFact {
  readonly requestId: string;
  readonly outcome: string;
  readonly reason: string;
  /** When it was written, by its writer's clock, UTC milliseconds. */
  readonly recordedMs: number;
}

/** A rate that adaptation set for an account. */
export interface RateFact {
  readonly account: string;
  /** Null = as configured. */
  readonly perSecond: number | null;
  /** UTC microseconds, its writer's clock. */
  readonly at: number;
}

/** A request that the server received, by the server's own ledger. */
export interface ArrivalFact {
  readonly account: string;
  readonly requestId: string;
  readonly attempt: number;
  /** UTC microseconds, the server's clock. */
  readonly at: number;
  /** Whether the server created a resource for it, whoever saw the answer. */
  readonly accepted: boolean;
  /** Whether an HTTP status was put on the wire. */
  readonly answered: boolean;
}

/** Everything a judge may look at: what was asked for, the public topics, and the server's ledger. Never a counter of ours. */
export interface History {
  /** Requests that were admitted. */
  readonly rows: ReadonlySet<string>;
  readonly slots: readonly SlotFact[];
  readonly returns: readonly ReturnFact[];
  readonly claims: readonly ClaimFact[];
  readonly responses: readonly ResponseFact[];
  readonly outcomes: readonly OutcomeFact[];
  readonly arrivals: readonly ArrivalFact[];
}

export const attemptOf = ({ requestId, attempt }: { readonly requestId: string; readonly attempt: number }): string =>
  `${requestId}#${attempt}`;

/** The items by their key, each group in the order given. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
