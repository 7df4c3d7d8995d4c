import { type ArrivalLine, type EndLine } from './ledger-lines.ts';
import { SlidingWorst } from './sliding-worst.ts';

const SECOND_US = 1_000_000;
const ACCOUNT_LIMIT = 1000;

export interface Totals {
  readonly requests: number;
  /** Requests that created a resource, and lookups that were answered: what was done because of us, whatever the caller saw. */
  readonly accepted: number;
  /** Answers by HTTP status; `none` counts those of which no status was sent in full. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers by Twilio's error code. */
  readonly codes: Readonly<Record<string, number>>;
  readonly inFlight: number;
  /** Most requests of one account in processing at once; those refused above the cap do not count. */
  readonly maxConcurrent: number;
  readonly worstSecond: number;
  readonly worst100ms: number;
}

export interface Summary extends Totals {
  readonly byAccount: Readonly<Record<string, Totals>>;
}

/** Whether a request did something at Twilio: the same rule for the live tally and for one replayed from the file. */
export const isAccepted = (arrival: Pick<ArrivalLine, 'path' | 'method'>, end: Pick<EndLine, 'sid' | 'status'>): boolean =>
  end.sid !== null || (end.status === 200 && arrival.method === 'GET' && arrival.path.startsWith('/v2/PhoneNumbers/'));

/** Folds the ledger's lines, in their order, into a summary; memory is bounded by one second of arrivals. */
export class Tally {
  private readonly all = new Counters();
  private readonly byAccount = new Map<string, Counters>();

  arrived(arrival: ArrivalLine): void {
    for (const counters of this.countersOf(arrival.account)) counters.arrived(arrival.arrivedAtUs);
  }

  ended(arrival: ArrivalLine, end: EndLine): void {
    for (const counters of this.countersOf(arrival.account)) counters.ended(end, isAccepted(arrival, end));
  }

  /** This many requests of the account are in processing now. */
  seated(account: string, inProcessing: number): void {
    for (const counters of this.countersOf(account)) counters.maxConcurrent = Math.max(counters.maxConcurrent, inProcessing);
  }

  summary(): Summary {
    const accounts = [...this.byAccount].map(([account, counters]) => [account, counters.totals()]);
    return { ...this.all.totals(), byAccount: Object.fromEntries(accounts) as Record<string, Totals> };
  }

  private countersOf(account: string | null): readonly Counters[] {
    const name = account ?? 'none';
    let counters = this.byAccount.get(name);
    if (counters === undefined) {
      if (this.byAccount.size >= ACCOUNT_LIMIT) return [this.all];
      counters = new Counters();
      this.byAccount.set(name, counters);
    }
    return [this.all, counters];
  }
}

class Counters {
  maxConcurrent = 0;
  private requests = 0;
  private accepted = 0;
  private finished = 0;
  private readonly statuses = new Map<string, number>();
  private readonly codes = new Map<string, number>();
  private readonly second = new SlidingWorst(SECOND_US);
  private readonly tenth = new SlidingWorst(SECOND_US / 10);

  arrived(atUs: number): void {
    this.requests += 1;
    this.second.add(atUs);
    this.tenth.add(atUs);
  }

  ended({ status, code }: EndLine, accepted: boolean): void {
    this.finished += 1;
    if (accepted) this.accepted += 1;
    count(this.statuses, status === null ? 'none' : String(status));
    if (code !== null) count(this.codes, String(code));
  }

  totals(): Totals {
    return {
      requests: this.requests,
      accepted: this.accepted,
      statuses: Object.fromEntries(this.statuses),
      codes: Object.fromEntries(this.codes),
      inFlight: this.requests - this.finished,
      maxConcurrent: this.maxConcurrent,
      worstSecond: this.second.worst,
      worst100ms: this.tenth.worst,
    };
  }
}

const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
