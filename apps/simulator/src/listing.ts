import { stringify } from 'node:querystring';
import { type Answer, type ApiCall, type Params, found, givenOf } from './answers.ts';
import { type RecordKind, type StoredRecord } from './record-store.ts';
import { type World } from './world.ts';

const DAY_MS = 86_400_000;
const PAGE_DEFAULT = 50;
const PAGE_LIMIT = 1000;

export interface ListShape {
  readonly kind: RecordKind;
  readonly key: 'messages' | 'calls';
  /** The date parameter; its forms with < and > are bounds. */
  readonly date: 'DateSent' | 'StartTime';
  view(record: StoredRecord): object;
}

interface Filter {
  readonly to: string | undefined;
  readonly from: string | undefined;
  readonly status: string | undefined;
  /** Bounds of the creation instant, ms, both inclusive. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * One page, newest first. A page token is the number of the last record given, so that new records never shift a page.
 * Nothing is ever sent here, so that the date of sending is the date of creation; previous_page_uri is always null.
 */
export function listRecords(call: ApiCall, world: World, shape: ListShape): Answer {
  const filter = filterOf(call, world, shape);
  const size = pageSizeOf(call.params);
  const records = pageOf(call, world, { shape, filter, size });
  const page = Number(givenOf(call.params, 'Page') ?? 0) || 0;
  const items = records.slice(0, size);
  const base = `/2010-04-01/Accounts/${call.account}/${shape.key === 'messages' ? 'Messages' : 'Calls'}.json`;
  const link = (at: number, token?: string): string => `${base}?${queryOf(call.params, { size, page: at, token })}`;
  return found({
    end: items.length === 0 ? 0 : page * size + items.length - 1,
    first_page_uri: link(0),
    next_page_uri: records.length > size ? link(page + 1, tokenOf(items.at(-1))) : null,
    page,
    page_size: size,
    previous_page_uri: null,
    [shape.key]: items.map((record) => shape.view(record)),
    start: page * size,
    uri: link(page, givenOf(call.params, 'PageToken')),
  });
}

/** Up to size + 1 matching records: the one too many tells that there is a next page. */
function pageOf(call: ApiCall, world: World, { shape, filter, size }: { shape: ListShape; filter: Filter; size: number }): StoredRecord[] {
  const before = beforeOf(call.params);
  const records: StoredRecord[] = [];
  for (let at = world.store.newest(filter.to); at !== undefined && records.length <= size; at = world.store.older(at, filter.to)) {
    if (at.createdMs < filter.notBefore) break;
    if (at.number < before && at.account === call.account && at.kind === shape.kind && matches(at, filter)) records.push(at);
  }
  return records;
}

const matches = (record: StoredRecord, filter: Filter): boolean =>
  record.createdMs <= filter.notAfter &&
  (filter.to === undefined || record.to === filter.to) &&
  (filter.from === undefined || record.from === filter.from) &&
  (filter.status === undefined || record.status === filter.status);

function filterOf({ params, atMs }: ApiCall, world: World, { date }: ListShape): Filter {
  const day = spanOf(givenOf(params, date));
  const after = spanOf(givenOf(params, `${date}>`));
  const before = spanOf(givenOf(params, `${date}<`));
  return {
    to: givenOf(params, 'To'),
    from: givenOf(params, 'From'),
    status: givenOf(params, 'Status'),
    notBefore: Math.max(day.from, after.from),
    notAfter: Math.min(day.until, before.until, atMs - world.settings.current.listDelayMs),
  };
}

/** A day (GMT) is its whole span, a full date-time is that instant; what cannot be read bounds nothing. */
function spanOf(text: string | undefined): { from: number; until: number } {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  if (Number.isNaN(at)) return { from: -Infinity, until: Infinity };
  return /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') ? { from: at, until: at + DAY_MS - 1 } : { from: at, until: at };
}

function pageSizeOf(params: Params): number {
  const size = Math.trunc(Number(givenOf(params, 'PageSize') ?? PAGE_DEFAULT));
  return size >= 1 ? Math.min(size, PAGE_LIMIT) : PAGE_DEFAULT;
}

const tokenOf = (last: StoredRecord | undefined): string => `PA${last?.sid ?? ''}n${last?.number ?? 0}`;

function beforeOf(params: Params): number {
  const number = /n(\d+)$/.exec(givenOf(params, 'PageToken') ?? '')?.[1];
  return number === undefined ? Infinity : Number(number);
}

const paging = new Set(['Page', 'PageSize', 'PageToken']);

function queryOf(params: Params, { size, page, token }: { size: number; page: number; token: string | undefined }): string {
  const filters = Object.fromEntries(Object.entries(params).filter(([name]) => !paging.has(name)));
  return stringify({ ...filters, PageSize: size, Page: page, ...(token === undefined ? {} : { PageToken: token }) });
}
