import { event, metaOf, type CodeCount, type Event } from '@paceline/contracts';
import { AlertBoard } from './alert-board.ts';
import type { AlertChange } from './alert-events.ts';
import type { AlertMessage } from './alert-message.ts';
import { AlertSenses, type SensesTerms } from './alert-senses.ts';
import type { BreakerReading } from './watched-values.ts';

export const noon = 1_800_000_000_000_000;
const terms: SensesTerms = { accounts: ['demo', 'other'], partition: 0, letters: true };

const metaAt = (type: Parameters<typeof metaOf>[0], at: number) => metaOf(type, { natural: [at], at, correlationId: 'demo' });

/** One partition's alerts over time: what is heard, a look every five seconds, a state that survives an owner. */
export class AlertWorld {
  now = noon;
  readonly changes: AlertChange[] = [];
  readonly messages: AlertMessage[] = [];
  readonly breakers = new Map<string, BreakerReading>();
  readonly #state = new Map<string, string>();
  #senses = new AlertSenses(terms);
  #board = new AlertBoard();

  codes(...counts: readonly (Partial<CodeCount> & Pick<CodeCount, 'class'>)[]): void {
    const all = counts.map((count) => ({ lane: 'messages', batchId: 'b1', code: null, attempts: 1, ...count }));
    this.hear(event('CodesCounted', { meta: metaAt('CodesCounted', this.now), account: 'demo', partition: 2, counts: all }));
  }

  gauge(waiting: number, oldestSince: number | null = waiting === 0 ? null : this.now): void {
    this.hear(event('PacerGauged', { meta: metaAt('PacerGauged', this.now), account: 'demo', partition: 0, waiting, oldestSince }));
  }

  letter(): void {
    const from = { service: 'sender', sourceTopic: 'paceline.slots', sourcePartition: 1, sourceOffset: 7, reason: 'not Avro' };
    this.hear(event('DeadLettered', { meta: metaAt('DeadLettered', this.now), ...from, key: null, value: null, headers: {} }));
  }

  hear(heard: Event): void {
    this.#senses.heed(heard);
  }

  /** Time goes on; something may happen before every look. */
  pass(seconds: number, happens: () => void = () => undefined): void {
    for (let n = 0; n < seconds / 5; n += 1) {
      this.now += 5_000_000;
      happens();
      this.look();
    }
  }

  look(): void {
    const look = this.#board.look(
      this.#senses.values((account) => this.breakers.get(account) ?? null, this.now),
      this.now,
    );
    this.changes.push(...look.changes);
    this.messages.push(...look.messages);
    for (const message of look.messages) this.#board.arrived(message);
    this.commit();
  }

  commit(): void {
    for (const { key, value } of [...this.#board.takeChanges(), ...this.#senses.takeChanges()]) {
      if (value === null) this.#state.delete(key);
      else this.#state.set(key, value);
    }
  }

  /** A new owner: all it knows is what was committed. */
  takeover(accounts: readonly string[] = terms.accounts): void {
    this.#senses = new AlertSenses({ ...terms, accounts }, this.#state);
    this.#board = new AlertBoard(this.#state);
  }

  get kept(): readonly string[] {
    return [...this.#state.keys()];
  }

  get story(): readonly string[] {
    return this.changes.map(({ alert, account, status }) => [alert, ...(account === null ? [] : [account]), status].join(' '));
  }

  get told(): readonly string[] {
    return this.messages.map(({ alert, notice }) => `${alert} ${notice}`);
  }
}
