import { contactOf, requestIdOf, type Param, type Request } from '@paceline/contracts';
import { isTimeZone } from '../pacing/time-zone.ts';
import { phoneOf } from './addresses.ts';
import { fault, type CheckedRow } from './check-rules.ts';
import { parseInstant } from './instants.ts';
import { comparable, rowApis, takes, type OwnColumn, type RowApi } from './parameters.ts';
import type { RowFault } from './raw-row.ts';
import { mostCallCharacters } from './record-bounds.ts';
import { isQuietable, zoneOfAddress } from './recipient-zone.ts';
import { checkRow } from './row-checks.ts';
import type { RowDraft } from './row-draft.ts';
import { countSegments } from './segments.ts';
import { isTemplate, renderTemplate } from './template.ts';

/** Whom a row would reach; the same question the sender asks before every claim. */
export interface ReachQuery {
  readonly contact: string;
  readonly api: RowApi;
  readonly to: string;
  readonly params: readonly Param[];
  readonly sender: string;
}

export interface AdmissionContext {
  readonly batchId: string;
  /** The source's account; a row's Account column goes first. */
  readonly account: string;
  readonly accounts: ReadonlySet<string>;
  /** Accounts that keep quiet hours: only their rows need the recipient's zone. */
  readonly quietAccounts: ReadonlySet<string>;
  readonly maxFieldLength: number;
  readonly contactHash: ContactHash;
  /** Why this contact must not be called now; null when nothing stands against it. */
  suppressedBecause(query: ReachQuery, nowMicros: number): string | null;
}

export interface RowPlace {
  readonly row: number;
  readonly line: number;
  readonly now: number;
}

export type Verdict =
  | { readonly admitted: true; readonly request: Request; readonly extra: readonly string[] }
  | { readonly admitted: false; readonly fault: RowFault };

/** Keyed hashes of senders repeat in every row of a file: the last thousand are kept. */
export class ContactHash {
  readonly #senders = new Map<string, string>();

  constructor(private readonly key: string) {}

  ofContact(to: string): string {
    return contactOf(this.key, phoneOf(to));
  }

  ofSender(sender: string): string {
    if (sender === '') return '';
    let hash = this.#senders.get(sender);
    if (hash === undefined) {
      if (this.#senders.size >= 1000) this.#senders.clear();
      this.#senders.set(sender, (hash = contactOf(this.key, sender)));
    }
    return hash;
  }
}

/** Our verdict on a row. Admitted = a complete request; refused = the first rule it breaks. Never both, never neither. */
export function admitRow(draft: RowDraft, place: RowPlace, context: AdmissionContext): Verdict {
  const api = apiOf(draft.own.Api);
  if (api === null) return refused(fault('unknown-api', 'Api', `Api is none of ${rowApis.join(', ')}`));
  const account = draft.own.Account ?? context.account;
  if (!context.accounts.has(account)) return refused(fault('unknown-account', 'Account', 'no account of this name is set up'));
  const times = timesOf(draft.own, place.now);
  if ('code' in times) return refused(times);
  const sent = sentParams(api, draft, context.maxFieldLength);
  if ('code' in sent) return refused(sent);
  const broken = checkRow(api, checkedRow(draft.to, sent.params));
  if (broken !== null) return refused(broken);
  const request = requestOf({ api, account, times, params: sent.params }, draft, { ...place, context });
  const { contact, sender, personal } = request;
  const because = context.suppressedBecause({ contact, api, sender, ...personal }, place.now);
  if (because !== null) return refused(fault('suppressed-at-admission', 'To', because));
  return { admitted: true, request, extra: sent.extra };
}

const refused = (why: RowFault): Verdict => ({ admitted: false, fault: why });

function apiOf(text: string | undefined): RowApi | null {
  if (text === undefined) return 'messages';
  const name = comparable(text);
  return rowApis.find((api) => api === name) ?? null;
}

interface RowTimes {
  readonly notBefore: number | null;
  readonly expiresAt: number | null;
  readonly priority: number;
}

type OwnValues = Readonly<Partial<Record<OwnColumn, string>>>;

function timesOf(own: OwnValues, now: number): RowTimes | RowFault {
  const zone = own.Timezone ?? null;
  if (zone !== null && !isTimeZone(zone)) return fault('invalid-time', 'Timezone', 'Timezone is no IANA name such as Europe/Berlin');
  const notBefore = instantOf(own, 'NotBefore');
  if (isFault(notBefore)) return notBefore;
  const expiresAt = instantOf(own, 'ExpiresAt');
  if (isFault(expiresAt)) return expiresAt;
  return inOrder({ notBefore, expiresAt, priority: Number(own.Priority ?? 0) }, now);
}

const isFault = (value: number | null | RowFault): value is RowFault => typeof value === 'object' && value !== null;

function instantOf(own: OwnValues, name: 'NotBefore' | 'ExpiresAt'): number | null | RowFault {
  const text = own[name];
  if (text === undefined) return null;
  return parseInstant(text, own.Timezone ?? null) ?? fault('invalid-time', name, isoHint(name));
}

function inOrder(times: RowTimes, now: number): RowTimes | RowFault {
  const { notBefore, expiresAt, priority } = times;
  if (!Number.isInteger(priority) || Math.abs(priority) > 1000) {
    return fault('invalid-parameter', 'Priority', 'Priority: a whole number from -1000 to 1000');
  }
  if (expiresAt === null) return times;
  if (expiresAt <= now) return fault('already-expired', 'ExpiresAt', 'ExpiresAt has passed');
  return notBefore !== null && expiresAt <= notBefore ? fault('invalid-time', 'ExpiresAt', 'ExpiresAt is not after NotBefore') : times;
}

const isoHint = (name: string): string =>
  `${name}: write ISO 8601 with an offset (2026-05-01T09:00:00+02:00), or add a Timezone column; up to 2254`;

interface SentParams {
  readonly params: Param[];
  /** Names of parameters that belong to another API. */
  readonly extra: string[];
}

function sentParams(api: RowApi, draft: RowDraft, maxLength: number): SentParams | RowFault {
  const taken = takenParams(api, draft, maxLength);
  return 'code' in taken ? taken : (tooLong(draft, taken.params) ?? taken);
}

/** What this API takes of the row, templates filled. */
function takenParams(api: RowApi, draft: RowDraft, maxLength: number): SentParams | RowFault {
  const params: Param[] = [];
  const extra: string[] = [];
  if (draft.to.length > maxLength) return fault('field-too-long', 'To', `more than ${maxLength} characters`);
  for (const { name, value } of draft.params) {
    if (!takes(api, name)) {
      extra.push(name);
      continue;
    }
    if (value.length > maxLength) return fault('field-too-long', name, `${value.length} characters; the limit is ${maxLength}`);
    const text = name === 'Body' && isTemplate(value) ? renderTemplate(value, (column) => draft.valueOf(column)) : { text: value };
    if ('missing' in text) return fault('missing-parameter', 'Body', `Body names {{${text.missing}}}, and the row has no such column`);
    params.push({ name, value: text.text });
  }
  return { params, extra };
}

function tooLong({ to, own }: RowDraft, params: readonly Param[]): RowFault | null {
  const parts = [{ name: 'To', value: to }, { name: 'ExternalId', value: own.ExternalId ?? '' }, ...params];
  const characters = parts.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  if (characters <= mostCallCharacters) return null;
  const longest = parts.reduce((most, part) => (part.value.length > most.value.length ? part : most)).name;
  return fault('field-too-long', longest, `the row has ${characters} characters in all; a call takes ${mostCallCharacters}`);
}

function checkedRow(to: string, params: readonly Param[]): CheckedRow {
  return {
    to,
    get: (wanted) => params.find(({ name }) => name === wanted)?.value ?? '',
    all: (wanted) => params.filter(({ name }) => name === wanted).map(({ value }) => value),
  };
}

interface RequestParts {
  readonly api: RowApi;
  readonly account: string;
  readonly times: RowTimes;
  readonly params: readonly Param[];
}

function requestOf(parts: RequestParts, draft: RowDraft, at: RowPlace & { readonly context: AdmissionContext }): Request {
  const { api, account, times, params } = parts;
  const { batchId, contactHash, quietAccounts } = at.context;
  const given = (wanted: string): string => params.find(({ name }) => name === wanted)?.value ?? '';
  const sender = contactHash.ofSender(given('From') || given('MessagingServiceSid'));
  return {
    requestId: requestIdOf(batchId, at.row),
    batchId,
    account,
    api,
    lane: sender === '' ? api : `${api}:${sender.slice(0, 12)}`,
    row: at.row,
    line: at.line,
    cost: costOf(api, draft.to, given('Body')),
    priority: times.priority,
    notBefore: times.notBefore,
    expiresAt: times.expiresAt,
    timeZone: quietAccounts.has(account) && isQuietable(api) ? (draft.own.Timezone ?? zoneOfAddress(draft.to)) : null,
    externalId: draft.own.ExternalId ?? null,
    contact: contactHash.ofContact(draft.to),
    sender,
    parent: null,
    personal: { to: draft.to, params },
  };
}

/** Segments of a text message; one for everything that is not counted in segments. */
const costOf = (api: RowApi, to: string, body: string): number =>
  api !== 'messages' || body === '' || to.includes(':') ? 1 : countSegments(body).segments;
