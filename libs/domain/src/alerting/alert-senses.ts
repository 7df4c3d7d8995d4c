import type { Event, Micros } from '@paceline/contracts';
import { codesHeard, gaugeHeard, pruned, unwatched, type AccountWatch } from './account-watch.ts';
import { letterHeard, letterPruned, noLetters, type LetterWatch } from './letter-watch.ts';
import { accountValues, letterValues, type BreakerReading, type WatchedValue } from './watched-values.ts';

const watchPrefix = 'watch:';
const lettersKey = 'letters';

export interface SensesTerms {
  /** Accounts of the settings that belong to the partition. */
  readonly accounts: readonly string[];
  readonly partition: number;
  /** Whether dead letters of this partition are read here. */
  readonly letters: boolean;
}

/** What the records of one partition say, folded to what the rules ask for. Its state is committed with the offsets. */
export class AlertSenses {
  readonly #watches = new Map<string, AccountWatch>();
  readonly #dirty = new Set<string>();
  #letters: LetterWatch = noLetters;

  constructor(
    private readonly terms: SensesTerms,
    state: ReadonlyMap<string, string> = new Map(),
  ) {
    for (const account of terms.accounts) this.#watches.set(account, parsed(state.get(watchPrefix + account)) ?? unwatched);
    this.#letters = parsed(state.get(lettersKey)) ?? noLetters;
    for (const key of state.keys()) if (key.startsWith(watchPrefix) && this.#watchOf(key) === undefined) this.#dirty.add(key);
  }

  heed(event: Event): void {
    if (event.type === 'CodesCounted') this.#change(event.data.account, (watch) => codesHeard(watch, event.data));
    else if (event.type === 'PacerGauged') this.#change(event.data.account, (watch) => gaugeHeard(watch, event.data));
    else if (event.type === 'DeadLettered') this.#keepLetters(letterHeard(this.#letters, event.data));
  }

  /** What every rule measures now; lets go of what is too old to matter. */
  values(breakerOf: (account: string) => BreakerReading, now: Micros): readonly WatchedValue[] {
    for (const account of this.terms.accounts) this.#change(account, (watch) => pruned(watch, now));
    this.#keepLetters(letterPruned(this.#letters, now));
    const ofAccounts = [...this.#watches].flatMap(([account, watch]) =>
      accountValues({ account, watch, breaker: breakerOf(account) }, now),
    );
    return this.terms.letters ? [...ofAccounts, ...letterValues(this.#letters, this.terms.partition, now)] : ofAccounts;
  }

  /** State changes since the last call; they belong to the offsets up to which records were heeded. */
  takeChanges(): { key: string; value: string | null }[] {
    const changes = [...this.#dirty].map((key) => {
      const value = key === lettersKey ? this.#letters : this.#watchOf(key);
      return { key, value: value === undefined ? null : JSON.stringify(value) };
    });
    this.#dirty.clear();
    return changes;
  }

  /** Accounts that are not of the settings are nobody's to watch. */
  #change(account: string, turn: (watch: AccountWatch) => AccountWatch): void {
    const before = this.#watches.get(account);
    if (before === undefined) return;
    const after = turn(before);
    if (after === before) return;
    this.#watches.set(account, after);
    this.#dirty.add(watchPrefix + account);
  }

  #keepLetters(letters: LetterWatch): void {
    if (letters === this.#letters) return;
    this.#letters = letters;
    this.#dirty.add(lettersKey);
  }

  #watchOf(key: string): AccountWatch | undefined {
    return this.#watches.get(key.slice(watchPrefix.length));
  }
}

const parsed = <T>(text: string | undefined): T | undefined => (text === undefined ? undefined : (JSON.parse(text) as T));
