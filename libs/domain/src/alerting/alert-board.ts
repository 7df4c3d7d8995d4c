import type { Micros } from '@paceline/contracts';
import { alertKey, thresholdOf, type AlertChange } from './alert-events.ts';
import type { AlertMessage } from './alert-message.ts';
import { alertRules, type AlertRule } from './alert-rules.ts';
import { calm, isForgotten, noticeDue, stepped, toldNow, type AlertStanding, type Notice } from './standing-alert.ts';
import type { WatchedValue } from './watched-values.ts';

/** One alert of one scope. */
interface Entry {
  readonly standing: AlertStanding;
  /** What was measured last. */
  readonly last: Omit<WatchedValue, 'value'> & { readonly value: number };
  /** The last message (standing.told), while it is not known to have arrived everywhere. */
  readonly pending: Notice | null;
  readonly reached: readonly number[];
}

type MessageId = Pick<AlertMessage, 'alert' | 'scope' | 'at'>;

/** What one look at the values brought. */
export interface Look {
  readonly changes: readonly AlertChange[];
  readonly messages: readonly AlertMessage[];
}

const prefix = 'alert:';

/**
 * The alerts of one partition. It moves ahead of its commit: what it says is told only after that, and after a commit of
 * unknown end it is dropped and restored from the changelog, so that a takeover raises nothing again. A message whose
 * delivery to a webhook the changelog does not know is told that one again by the next owner, with the same id.
 */
export class AlertBoard {
  readonly #entries = new Map<string, Entry>();
  readonly #dirty = new Set<string>();
  readonly #rules: ReadonlyMap<string, AlertRule>;

  constructor(state: ReadonlyMap<string, string> = new Map(), rules: readonly AlertRule[] = alertRules) {
    this.#rules = new Map(rules.map((rule) => [rule.alert, rule]));
    for (const [key, value] of state) if (key.startsWith(prefix)) this.#entries.set(key.slice(prefix.length), JSON.parse(value) as Entry);
  }

  /** What is raised now. */
  get raised(): readonly Pick<WatchedValue, 'alert' | 'scope' | 'account'>[] {
    return [...this.#entries.values()].filter(({ standing }) => standing.status === 'raised').map(({ last }) => last);
  }

  /** What an older owner decided to tell and perhaps did not. */
  get untold(): readonly AlertMessage[] {
    return [...this.#entries.values()].flatMap((entry) => this.#messageOf(entry));
  }

  look(values: readonly WatchedValue[], now: Micros): Look {
    const changes: AlertChange[] = [];
    const messages: AlertMessage[] = [];
    for (const value of [...values, ...this.#gone(values)]) {
      const rule = this.#rules.get(value.alert);
      if (rule !== undefined) this.#lookAt(rule, value, { now, changes, messages });
    }
    return { changes, messages };
  }

  /** One webhook has it, or was given up. */
  reached(message: MessageId, webhook: number): void {
    const entry = this.#untoldOf(message);
    if (entry !== null) this.#keep(alertKey(message), { ...entry, reached: [...entry.reached, webhook] });
  }

  /** It arrived everywhere, or was given up. */
  arrived(message: MessageId): void {
    const entry = this.#untoldOf(message);
    if (entry !== null) this.#keep(alertKey(message), { ...entry, pending: null, reached: [] });
  }

  /** State changes since the last call. */
  takeChanges(): { key: string; value: string | null }[] {
    const changes = [...this.#dirty].map((key) => {
      const entry = this.#entries.get(key);
      return { key: prefix + key, value: entry === undefined ? null : JSON.stringify(entry) };
    });
    this.#dirty.clear();
    return changes;
  }

  #lookAt(rule: AlertRule, measured: WatchedValue, { now, changes, messages }: Round): void {
    const { value } = measured;
    const known = this.#entries.get(alertKey(measured)) ?? unknown(measured);
    const last = value === null ? known.last : { ...measured, value };
    const after = stepped(rule, known.standing, { value, now });
    if (after.status !== known.standing.status) changes.push(changeOf(rule, { before: known.standing, after, last, now }));
    const notice = noticeDue(rule, after, now);
    const told = notice === null ? known : { pending: notice, reached: [] };
    const standing = notice === null ? after : toldNow(after, now);
    const entry = { standing, last, pending: told.pending, reached: told.reached };
    if (notice !== null) messages.push(...this.#messageOf(entry));
    this.#settle(rule, { known, entry, now });
  }

  #settle(rule: AlertRule, { known, entry, now }: { known: Entry; entry: Entry; now: Micros }): void {
    const key = alertKey(entry.last);
    if (entry.pending === null && isForgotten(rule, entry.standing, now)) this.#drop(key);
    else if (entry.standing !== known.standing) this.#keep(key, entry);
    else this.#entries.set(key, entry);
  }

  /** A newer message about the same has taken its place: then nobody asks for this one. */
  #untoldOf(message: MessageId): Entry | null {
    const entry = this.#entries.get(alertKey(message));
    return entry !== undefined && entry.pending !== null && entry.standing.told?.at === message.at ? entry : null;
  }

  #messageOf({ standing: { told }, last, pending, reached }: Entry): AlertMessage[] {
    const rule = this.#rules.get(last.alert);
    if (pending === null || told === null || rule === undefined) return [];
    return [{ ...last, notice: pending, threshold: thresholdOf(rule, told.status), since: told.since, at: told.at, reached }];
  }

  /** What is raised and measured no more (an account that left the settings) is over. */
  #gone(values: readonly WatchedValue[]): WatchedValue[] {
    const known = new Set(values.map(alertKey));
    return [...this.#entries].flatMap(([key, { last }]) =>
      known.has(key) ? [] : [{ ...last, value: 0, text: `${last.scope} is watched no more` }],
    );
  }

  #keep(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#dirty.add(key);
  }

  #drop(key: string): void {
    if (this.#entries.delete(key)) this.#dirty.add(key);
  }
}

const unknown = (measured: WatchedValue): Entry => ({ standing: calm, last: { ...measured, value: 0 }, pending: null, reached: [] });

interface Round {
  readonly now: Micros;
  readonly changes: AlertChange[];
  readonly messages: AlertMessage[];
}

interface Turn {
  readonly before: AlertStanding;
  readonly after: AlertStanding;
  readonly last: Entry['last'];
  readonly now: Micros;
}

function changeOf(rule: AlertRule, { before, after, last, now }: Turn): AlertChange {
  const alert = after.status === 'raised' ? after : before;
  const { since, raisedAt } = alert as Extract<AlertStanding, { status: 'raised' }>;
  const status = after.status === 'raised' ? 'raised' : 'cleared';
  return { ...last, status, threshold: thresholdOf(rule, status), since, raisedAt, at: now };
}
