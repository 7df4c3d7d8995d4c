// Files of suppressions: a list of ours, or the consents of Twilio's bulk API. The whole file is checked before anything
// of it is used, and what is wrong is told with its line, without quoting a number.
import type { Micros } from '@paceline/contracts';
import { maskText } from '../archiving/masks.ts';
import type { SuppressionWish } from '../routing/suppression-changes.ts';
import type { ContactHash } from './admission.ts';
import { parseInstant } from './instants.ts';
import { suppressionTarget, type SuppressionTarget } from './suppression-target.ts';

/** One entry by the names it was written under; `place` is `line 7` or `item 7`. */
export interface WrittenEntry {
  readonly place: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface EntryProblem {
  readonly place: string;
  readonly reason: string;
}

export interface EntryContext {
  readonly hashes: ContactHash;
  readonly by: string;
  /** Keyed hash of the content. */
  readonly file: string;
  readonly now: Micros;
}

export const listColumns = ['contact', 'channel', 'sender', 'reason', 'expiresAt'] as const;
export const consentColumns = ['contact_id', 'correlation_id', 'sender_id', 'status', 'source', 'date_of_consent'] as const;

export type SuppressionFileKind = 'list' | 'consents';

/** Which of the two a header is, or why it is neither. A misspelt column would be a suppression without its end. */
export function suppressionFileKind(columns: readonly string[]): SuppressionFileKind | { readonly reason: string } {
  const kind = columns.includes('contact_id') ? 'consents' : 'list';
  const known: readonly string[] = kind === 'list' ? listColumns : consentColumns;
  if (!columns.includes('contact') && kind === 'list') {
    return { reason: `no column contact or contact_id; give ${listColumns.join(',')} or Twilio's ${consentColumns.join(',')}` };
  }
  const unknown = columns.filter((column) => !known.includes(column));
  if (unknown.length > 0)
    return { reason: `unknown column ${unknown.map((name) => maskText(name)).join(', ')}; there are ${known.join(', ')}` };
  return columns.some((column, at) => columns.indexOf(column) !== at) ? { reason: 'a column stands twice' } : kind;
}

const mostReasonCharacters = 300;

/** What the entry says, or what is wrong with it. */
export const wishOf = (kind: SuppressionFileKind, entry: WrittenEntry, context: EntryContext): SuppressionWish | EntryProblem => {
  const said = kind === 'list' ? listed(entry.values, context) : consented(entry.values, context);
  return typeof said === 'string' ? { place: entry.place, reason: said } : said;
};

type Values = WrittenEntry['values'];

const textIn = (values: Values, column: string): string => values[column]?.trim() ?? '';

function listed(values: Values, { hashes, by, file }: EntryContext): SuppressionWish | string {
  const [contact = '', channel = '', sender = '', reason = ''] = listColumns.map((column) => textIn(values, column));
  const target = suppressionTarget({ contact, channel, sender }, hashes);
  if (typeof target === 'string') return target;
  if (reason.length > mostReasonCharacters) return `reason: longer than ${mostReasonCharacters} characters`;
  const expiresAt = instantIn(values, 'expiresAt');
  if (typeof expiresAt === 'string') return expiresAt;
  return { ...target, origin: 'import', lifted: false, reason: maskText(reason), by, expiresAt, asOf: null, file };
}

function consented(values: Values, { hashes, by, file, now }: EntryContext): SuppressionWish | string {
  const target = consentTarget(textIn(values, 'contact_id'), textIn(values, 'sender_id'), hashes);
  if (typeof target === 'string') return target;
  const status = textIn(values, 'status').toLowerCase();
  const asOf = instantIn(values, 'date_of_consent');
  if (typeof asOf === 'string') return asOf;
  const wrong = consentFault(status, asOf) ?? futureFault(asOf, now);
  if (wrong !== null) return wrong;
  const said = { ...target, by, expiresAt: null, asOf, file, reason: status + sourceText(textIn(values, 'source')) };
  return status === 'opt-in' ? { ...said, origin: 'opt-in', lifted: true } : { ...said, origin: 'consent', lifted: false };
}

const sourceText = (source: string): string => (source === '' ? '' : ` by ${maskText(source).slice(0, 50)}`);

/** Twilio's consents are of text messages: one contact, one sender. */
function consentTarget(contact: string, sender: string, hashes: ContactHash): SuppressionTarget | string {
  if (sender === '') return 'sender_id is missing';
  const isWhatsapp = [contact, sender].some((address) => address.startsWith('whatsapp:'));
  return suppressionTarget({ contact, sender, channel: isWhatsapp ? 'whatsapp' : 'sms' }, hashes);
}

function consentFault(status: string, asOf: Micros | null): string | null {
  if (status !== 'opt-in' && status !== 'opt-out') return 'status: give opt-in or opt-out';
  return status === 'opt-in' && asOf === null ? 'date_of_consent is missing: an opt-in lifts only what is older' : null;
}

const futureFault = (asOf: Micros | null, now: Micros): string | null =>
  asOf !== null && asOf > now ? 'date_of_consent lies in the future' : null;

function instantIn(values: Values, column: string): Micros | null | string {
  const text = textIn(values, column);
  if (text === '') return null;
  return parseInstant(text, null) ?? `${column}: give an ISO 8601 time with its offset, such as 2026-01-31T12:00:00Z, up to 2254`;
}

/** Entries of a list that say two things of one target: which of them was meant nobody can know. */
export class RepeatedEntries {
  readonly #first = new Map<string, { readonly place: string; readonly wish: SuppressionWish }>();

  /** The problem of this entry, or null. Dated entries may repeat: the newest holds. */
  check(place: string, wish: SuppressionWish): EntryProblem | null {
    if (wish.asOf !== null) return null;
    const key = `${wish.contact}/${wish.channel}/${wish.scope}`;
    const first = this.#first.get(key);
    if (first === undefined) this.#first.set(key, { place, wish });
    const isSame = first === undefined || (first.wish.reason === wish.reason && first.wish.expiresAt === wish.expiresAt);
    return isSame ? null : { place, reason: `says something else of the contact of ${first.place}, on the same channel and sender` };
  }
}
