import type { Controls } from '../controls/index.ts';
import { AccountGates, apiKeyPrefix, laneKeyPrefix } from './account-gates.ts';
import type { AccountTerms } from './account-terms.ts';
import { Backlog, type BatchTerms, type Pick } from './backlog.ts';
import { DailyCap, type DailyMark } from './daily-cap.ts';
import { GateWheel } from './gate-wheel.ts';
import { secondMicros } from './grant-ring.ts';
import { InFlightCap } from './in-flight-cap.ts';
import { LimitBook } from './limit-book.ts';
import { Limit, payAll, untouched, type Charge, type LimitMark } from './limit.ts';
import type { StateEntry } from './released-offsets.ts';
import type { RowShelf } from './row-shelf.ts';
import { RowsAside } from './rows-aside.ts';

/** What of an account's pace is committed with its slots. */
interface AccountMark {
  readonly number: number;
  readonly era: number;
  readonly calls: LimitMark;
}

const keyPrefix = 'account:';
const dailyPrefix = 'daily:';
const aheadMicros = 2_000_000;
const sweepMicros = 10_000_000;
const fresh: AccountMark = { number: 0, era: 1, calls: untouched };

export interface AccountParts {
  readonly name: string;
  readonly terms: AccountTerms;
  readonly controls: Controls;
  readonly shelf: RowShelf;
  readonly minShare: number;
  readonly batch: (batchId: string) => BatchTerms;
}

interface Resumption {
  /** The changelog, restored to its end. */
  readonly state: ReadonlyMap<string, string>;
  /** UTC microseconds. */
  readonly now: number;
}

const parsed = <T>(text: string | undefined): T | undefined => (text === undefined ? undefined : (JSON.parse(text) as T));

/** One account's slots: their numbers, their clock era, the limits they share and the rows that wait for them. */
export class AccountPace {
  readonly name: string;
  readonly terms: AccountTerms;
  readonly calls: Limit;
  readonly daily: DailyCap | null;
  readonly flight = new InFlightCap();
  readonly aside = new RowsAside();
  readonly gates: AccountGates;
  readonly backlog: Backlog;
  readonly #charges: readonly Charge[];
  readonly #book: LimitBook;
  #number: number;
  #era: number;
  #sweptAt: number;
  /** End of the last slice when rows were left waiting for pace alone, UTC microseconds; else null. */
  busyUntil: number | null = null;

  private constructor(parts: AccountParts, mark: AccountMark, { state, now }: Resumption) {
    const { name, terms, controls, shelf, minShare, batch } = parts;
    this.name = name;
    this.terms = terms;
    this.calls = Limit.resumed(terms.callsPerSecond, mark.calls);
    const { dailyCap, dailyReset } = terms;
    this.daily = dailyCap === null ? null : new DailyCap(dailyCap, dailyReset, parsed<DailyMark>(state.get(dailyPrefix + name)));
    this.#charges = [this.calls, ...(this.daily === null ? [] : [this.daily])].map((limit) => ({ limit, cost: 1 }));
    this.#number = mark.number;
    this.#era = mark.era;
    this.#sweptAt = now;
    this.#book = new LimitBook([laneKeyPrefix(name), apiKeyPrefix(name)], state, mark.era);
    const wheel = new GateWheel();
    const gates = new AccountGates({ account: name, terms, controls, book: this.#book, wheel, minShare, now });
    this.gates = gates;
    this.backlog = new Backlog({ shelf, wheel, minShare, batch, gates });
  }

  /** After a takeover. A last slot far ahead of now was stamped by a clock that has stepped back since: a new era. */
  static resumed(parts: AccountParts, resumption: Resumption): AccountPace {
    const mark = parsed<AccountMark>(resumption.state.get(keyPrefix + parts.name)) ?? fresh;
    const account = new AccountPace(parts, mark, resumption);
    if (account.calls.mark.lastAt > resumption.now + aheadMicros) account.startEra(resumption.now);
    return account;
  }

  get era(): number {
    return this.#era;
  }

  get limits(): Iterable<readonly [string, Limit]> {
    return this.#book.limits;
  }

  /** Rows waiting, those set aside included. */
  get size(): number {
    return this.backlog.size + this.aside.size;
  }

  /** What one call of this account costs, on every limit that all of its rows share. */
  get charges(): readonly Charge[] {
    return this.#charges;
  }

  /** The picked row gets the slot at that instant: every limit it touches is paid. Its number is never used twice. */
  pay(pick: Pick, slotAt: number): number {
    payAll(this.#charges, slotAt);
    this.flight.take(slotAt);
    this.backlog.charge(pick, slotAt);
    this.#number += 1;
    return this.#number;
  }

  /** The wall clock stepped back: one second of silence, then slots of a new era. */
  startEra(now: number): void {
    this.#era += 1;
    this.busyUntil = null;
    const notBefore = now + secondMicros + 1;
    this.calls.renew(notBefore);
    this.#book.startEra(this.#era, notBefore);
    this.flight.renew();
    this.clockStepped(now);
  }

  /** No instant seen before the step can be compared with one after it. */
  clockStepped(now: number): void {
    this.busyUntil = null;
    this.gates.restart(now);
  }

  /** What the commit of its slots must carry. */
  entries(now: number): StateEntry[] {
    const mark: AccountMark = { number: this.#number, era: this.#era, calls: this.calls.mark };
    const entries: StateEntry[] = [{ key: keyPrefix + this.name, value: JSON.stringify(mark) }, ...this.#book.entries(now)];
    if (this.daily !== null) entries.push({ key: dailyPrefix + this.name, value: JSON.stringify(this.daily.mark) });
    this.#sweep(now);
    return entries;
  }

  #sweep(now: number): void {
    if (Math.abs(now - this.#sweptAt) < sweepMicros) return;
    this.#sweptAt = now;
    this.gates.sweep(now);
  }
}

/** The accounts whose marks a changelog holds. */
export const accountsOf = (state: ReadonlyMap<string, string>): string[] =>
  [...state.keys()].filter((key) => key.startsWith(keyPrefix)).map((key) => key.slice(keyPrefix.length));
