import type { Backlog } from './backlog.ts';
import { secondMicros } from './grant-ring.ts';
import { Limit, untouched, type Charge, type LimitMark } from './limit.ts';
import type { StateEntry } from './released-offsets.ts';

/** What of an account's pace is committed with its slots. */
interface AccountMark {
  readonly number: number;
  readonly era: number;
  readonly calls: LimitMark;
}

const keyPrefix = 'account:';
const aheadMicros = 2_000_000;
const fresh: AccountMark = { number: 0, era: 1, calls: untouched };

export interface AccountTerms {
  readonly name: string;
  readonly callsPerSecond: number;
  readonly backlog: Backlog;
}

/** One account's slots: their numbers, their clock era and the limits that all of its rows share. */
export class AccountPace {
  readonly name: string;
  readonly backlog: Backlog;
  readonly calls: Limit;
  readonly #charges: readonly Charge[];
  #number: number;
  #era: number;
  /** End of the last slice when rows were left waiting for pace alone, UTC microseconds; else null. */
  busyUntil: number | null = null;

  private constructor(terms: AccountTerms, mark: AccountMark) {
    this.name = terms.name;
    this.backlog = terms.backlog;
    this.calls = Limit.resumed(terms.callsPerSecond, mark.calls);
    this.#charges = [{ limit: this.calls, cost: 1 }];
    this.#number = mark.number;
    this.#era = mark.era;
  }

  /** After a takeover. A last slot far ahead of now was stamped by a clock that has stepped back since: a new era. */
  static resumed(terms: AccountTerms, state: ReadonlyMap<string, string>, now: number): AccountPace {
    const stored = state.get(keyPrefix + terms.name);
    const account = new AccountPace(terms, stored === undefined ? fresh : (JSON.parse(stored) as AccountMark));
    if (account.calls.mark.lastAt > now + aheadMicros) account.startEra(now);
    return account;
  }

  get era(): number {
    return this.#era;
  }

  /** What one call of this account costs, on every limit it touches. */
  get charges(): readonly Charge[] {
    return this.#charges;
  }

  /** Numbers are never used twice: they are committed with the slots that bear them. */
  nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  /** The wall clock stepped back: one second of silence, then slots of a new era. */
  startEra(now: number): void {
    this.#era += 1;
    this.busyUntil = null;
    this.calls.renew(now + secondMicros + 1);
  }

  entry(): StateEntry {
    const mark: AccountMark = { number: this.#number, era: this.#era, calls: this.calls.mark };
    return { key: keyPrefix + this.name, value: JSON.stringify(mark) };
  }
}
