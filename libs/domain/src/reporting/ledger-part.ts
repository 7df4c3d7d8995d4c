import { parseAttemptId } from '@paceline/contracts';
import { worstWindow } from './sliding-window.ts';

/** A line of the simulator's ledger: one when a request arrived, one when it was answered. */
export type LedgerEntry =
  | { readonly seq: number; readonly arrivedAtUs: number; readonly account: string | null; readonly callbackUrl: string | null }
  | { readonly seq: number; readonly endedAtUs: number; readonly status: number | null; readonly sid: string | null };

/** The simulator's own account of what reached it; the judge of pacing and of double acceptance. */
export interface LedgerPart {
  readonly url: string;
  readonly requests: number;
  readonly accepted: number;
  /** Requests of ours that were accepted more than once, known by the token in their callback URL. */
  readonly doubleAccepted: number;
  /** Most arrivals of one account in any sliding second. */
  readonly worstSecond: number;
  readonly limit: number | null;
}

const token = /[?&]a=([^&#]+)/;

function requestOf(callbackUrl: string | null): string | null {
  const attemptId = token.exec(callbackUrl ?? '')?.[1];
  return attemptId === undefined ? null : parseAttemptId(decodeURIComponent(attemptId)).requestId;
}

const isAccepted = ({ status, sid }: { status: number | null; sid: string | null }): boolean =>
  sid !== null || (status !== null && status >= 200 && status < 300);

class Tally {
  requests = 0;
  accepted = 0;
  readonly #requestOfSeq = new Map<number, string>();
  readonly #arrivals = new Map<string, number[]>();
  readonly #acceptances = new Map<string, number>();

  arrived({ seq, arrivedAtUs, account, callbackUrl }: Extract<LedgerEntry, { arrivedAtUs: number }>): void {
    this.requests += 1;
    const instants = this.#arrivals.get(account ?? '') ?? [];
    instants.push(arrivedAtUs);
    this.#arrivals.set(account ?? '', instants);
    const requestId = requestOf(callbackUrl);
    if (requestId !== null) this.#requestOfSeq.set(seq, requestId);
  }

  ended(entry: Extract<LedgerEntry, { endedAtUs: number }>): void {
    if (!isAccepted(entry)) return;
    this.accepted += 1;
    const requestId = this.#requestOfSeq.get(entry.seq);
    if (requestId !== undefined) this.#acceptances.set(requestId, (this.#acceptances.get(requestId) ?? 0) + 1);
  }

  get doubleAccepted(): number {
    return [...this.#acceptances.values()].filter((times) => times > 1).length;
  }

  get worstSecond(): number {
    return Math.max(0, ...[...this.#arrivals.values()].map((instants) => worstWindow(instants, 1_000_000)));
  }
}

/** `limit` = the configured calls per second that worstSecond is held against. */
export function ledgerPartOf(entries: Iterable<LedgerEntry>, about: { url: string; limit: number | null }): LedgerPart {
  const tally = new Tally();
  for (const entry of entries) {
    if ('arrivedAtUs' in entry) tally.arrived(entry);
    else tally.ended(entry);
  }
  const { requests, accepted, doubleAccepted, worstSecond } = tally;
  return { url: about.url, requests, accepted, doubleAccepted, worstSecond, limit: about.limit };
}
