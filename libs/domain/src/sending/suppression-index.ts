import type { Api, Param, SuppressionSet } from '@paceline/contracts';
import { standing, suffices } from './suppression-standing.ts';

/** Whom a call would reach: the keyed hash of the recipient, by which channels, from which sender (its hash, or ''). */
export interface SuppressionQuery {
  readonly contact: string;
  readonly channels: readonly string[];
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

/** What a code of Verify travels by; `auto` may be a text message. */
const verifyChannels: Readonly<Record<string, string>> = { sms: 'sms', auto: 'sms', call: 'voice', whatsapp: 'whatsapp' };

interface Reached {
  readonly to: string;
  readonly params: readonly Param[];
}

/**
 * The channels a call reaches its contact by. A Studio flow may use any: '*', which every suppression of the contact
 * matches. A Lookup reaches nobody, so only suppressions of all channels match it.
 */
export function channelsOf(api: Api, { to, params }: Reached): readonly string[] {
  if (api === 'messages' && to.startsWith('whatsapp:')) return ['whatsapp'];
  if (api !== 'verify') return [channels[api]];
  const by = verifyChannels[params.find(({ name }) => name === 'Channel')?.value.toLowerCase() ?? ''];
  return by === undefined ? ['verify'] : ['verify', by];
}

/**
 * The suppressions table by contact. A contact with a match that stands must never be called: lifted and expired ones
 * do not count, strikes count once there are as many as they say, anything else does.
 */
export class SuppressionIndex {
  readonly #byContact = new Map<string, Map<string, SuppressionSet>>();
  readonly #contactOf = new Map<string, string>();

  /** Takes one change of the table; undefined removes the key. */
  apply(key: string, data: SuppressionSet | undefined): void {
    this.#remove(key);
    if (data === undefined) return;
    const entries = this.#byContact.get(data.contact) ?? new Map<string, SuppressionSet>();
    entries.set(key, data);
    this.#byContact.set(data.contact, entries);
    this.#contactOf.set(key, data.contact);
  }

  /** The suppression in the way of a call, or undefined. */
  find({ contact, ...query }: SuppressionQuery, nowMicros: number): SuppressionSet | undefined {
    const entries = this.#byContact.get(contact);
    if (entries === undefined) return undefined;
    const facts = standing(entries.values(), nowMicros).filter((fact) => matches(fact, query));
    return facts.find((fact) => suffices(fact, facts));
  }

  get(key: string): SuppressionSet | undefined {
    return this.#byContact.get(this.#contactOf.get(key) ?? '')?.get(key);
  }

  /** All that was said of a contact, lifts included. */
  of(contact: string): readonly SuppressionSet[] {
    return [...(this.#byContact.get(contact)?.values() ?? [])];
  }

  contacts(): IterableIterator<string> {
    return this.#byContact.keys();
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

type Way = Omit<SuppressionQuery, 'contact'>;

const matches = (fact: SuppressionSet, { channels: by, sender }: Way): boolean =>
  (fact.channel === '*' || by.includes('*') || by.includes(fact.channel)) &&
  (fact.scope === '*' || fact.scope === 'value' || fact.scope === sender);
