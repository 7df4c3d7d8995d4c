// What the judge is given: the simulator's ledger and the log, never a counter of the product. All instants are UTC microseconds.

export interface Slot {
  readonly at: number;
  readonly era: number;
  readonly lane: string;
  readonly batchId: string;
  /** Segments of a message. */
  readonly cost: number;
  readonly attemptId: string;
}

export interface Arrival {
  readonly at: number;
  /** Null for a caller that carries none. */
  readonly attemptId: string | null;
  /** HTTP status of the answer; null when none was given. */
  readonly status: number | null;
  /** Null while it is not over. */
  readonly endedAt: number | null;
}

/** Everything of one account in one run of one case. */
export interface Evidence {
  /** Configured calls per second. */
  readonly limit: number;
  /** Rows waited all the time from here ... */
  readonly from: number;
  /** ... to here. */
  readonly to: number;
  /** Left out of rates, gaps and lateness; never of the windows. */
  readonly warmupUs: number;
  /** In the order of time. */
  readonly arrivals: readonly Arrival[];
  /** In the order of time; empty for a caller without slots. */
  readonly slots: readonly Slot[];
  /** Slots that came too late to be called: returned before the claim, or not sent after it. */
  readonly returnedLate: number;
  /** Slots that passed unused although rows waited, as the pacer reports it; null for a caller without a pacer. */
  readonly lost: number | null;
  /** When the sender began each call, by attempt. */
  readonly calledAt: ReadonlyMap<string, number>;
  /** Attempts whose answer the log says what became of: an outcome, or another attempt. */
  readonly decided: ReadonlySet<string>;
}

/** Instants inside the judged stretch. */
export function steady<T extends { readonly at: number }>(events: readonly T[], { from, to, warmupUs }: Evidence): T[] {
  return events.filter(({ at }) => at >= from + warmupUs && at <= to);
}

export const instants = (events: readonly { readonly at: number }[]): number[] => events.map(({ at }) => at);
