import type { Api, SuppressionSet } from '@paceline/contracts';

/** Whom a call would reach: the keyed hash of the recipient, by which channel, from which sender (its hash, or ''). */
export interface SuppressionQuery {
  readonly contact: string;
  readonly channel: string;
  readonly sender: string;
}

const channels: Readonly<Record<Api, string>> = {
  unknown: '*',
  messages: 'sms',
  calls: 'voice',
  verify: 'verify',
  lookup: 'lookup',
  studio: '*',
};

/**
 * The channel a call reaches its contact by. A Studio flow may use any: '*', which every suppression of the contact
 * matches. A Lookup reaches nobody, so only suppressions of all channels match it.
 */
export function channelOf(api: Api, to = ''): string {
  return api === 'messages' && to.startsWith('whatsapp:') ? 'whatsapp' : channels[api];
}

/**
 * The suppressions table by contact. A contact with an active match must never be called: lifted and expired ones do
 * not count, strikes count once there are as many as they say, anything else does.
 */
export class SuppressionIndex {
  readonly #byContact = new Map<string, Map<string, SuppressionSet>>();
  readonly #contactOf = new Map<string, string>();

  /** Takes one change of the table; undefined removes the key. */
  apply(key: string, data: SuppressionSet | undefined): void {
    this.#remove(key);
    if (data === undefined || data.lifted) return;
    const entries = this.#byContact.get(data.contact) ?? new Map<string, SuppressionSet>();
    entries.set(key, data);
    this.#byContact.set(data.contact, entries);
    this.#contactOf.set(key, data.contact);
  }

  find(query: SuppressionQuery, nowMicros: number): SuppressionSet | undefined {
    const entries = this.#byContact.get(query.contact);
    if (entries === undefined) return undefined;
    const strikes = new Map<string, number>();
    for (const entry of entries.values()) {
      if (isActive(entry, nowMicros) && matches(entry, query) && counts(entry, strikes)) return entry;
    }
    return undefined;
  }

  #remove(key: string): void {
    const contact = this.#contactOf.get(key);
    if (contact === undefined) return;
    this.#contactOf.delete(key);
    const entries = this.#byContact.get(contact);
    entries?.delete(key);
    if (entries?.size === 0) this.#byContact.delete(contact);
  }
}

const isActive = (entry: SuppressionSet, nowMicros: number): boolean =>
  !entry.lifted && (entry.expiresAt === null || entry.expiresAt > nowMicros);

const matches = (entry: SuppressionSet, query: SuppressionQuery): boolean =>
  (entry.channel === '*' || query.channel === '*' || entry.channel === query.channel) &&
  (entry.scope === '*' || entry.scope === 'value' || entry.scope === query.sender);

const strikePattern = /^strike:([^:]*):(\d+):/;

/** Whether this entry suppresses by itself, or as the last of the strikes that are needed. */
function counts({ origin }: SuppressionSet, strikes: Map<string, number>): boolean {
  const strike = strikePattern.exec(origin);
  if (strike === null) return true;
  const [, code = '', needed = '1'] = strike;
  const seen = (strikes.get(code) ?? 0) + 1;
  strikes.set(code, seen);
  return seen >= Number(needed);
}
