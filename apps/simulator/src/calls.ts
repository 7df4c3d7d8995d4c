import { type Answer, type ApiCall, type Params, created, found, givenOf, textOf } from './answers.ts';
import { isAddress, isHttpUrl, isSender } from './addresses.ts';
import { rfc2822 } from './instants.ts';
import { listRecords } from './listing.ts';
import { callMagic, magicRefusal } from './magic.ts';
import { type StoredRecord } from './record-store.ts';
import { type RefusalCode, refused } from './refusals.ts';
import { type World } from './world.ts';

const subresources = ['Notifications', 'Recordings', 'Payments', 'Events', 'Siprec', 'Streams', 'Transcriptions'] as const;

/** POST Calls.json: a new call, queued. Never dedupes. */
export function createCall(call: ApiCall, world: World): Answer {
  const refusal = callRefusal(call.params, world);
  if (refusal !== null) return refusal;
  const record = world.store.add({
    kind: 'call',
    prefix: 'CA',
    account: call.account,
    to: textOf(call.params, 'To') ?? '',
    from: textOf(call.params, 'From') ?? '',
    service: null,
    body: null,
    media: 0,
    segments: '0',
    status: 'queued',
    createdMs: call.atMs,
  });
  return created(record.sid, callView(record));
}

export function listCalls(call: ApiCall, world: World): Answer {
  return listRecords(call, world, { kind: 'call', key: 'calls', date: 'StartTime', view: callView });
}

export function fetchCall(call: ApiCall, world: World): Answer {
  const record = world.store.get(call.captures[1] ?? '');
  return record?.kind === 'call' && record.account === call.account ? found(callView(record)) : refused(20404);
}

function callRefusal(params: Params, world: World): Answer | null {
  const missing = missingPart(params);
  if (missing !== null) return refused(missing);
  const to = textOf(params, 'To') ?? '';
  const from = textOf(params, 'From') ?? '';
  const malformed = malformedPart(params, to, from);
  if (malformed !== null) return malformed;
  const magic = magicRefusal(callMagic, { to, from }, world.settings.current);
  return magic === null ? null : refused(magic);
}

function malformedPart(params: Params, to: string, from: string): Answer | null {
  if (!isAddress(to)) return refused(21211, `The phone number you are attempting to call, ${to}, is not valid.`);
  if (!isSender(from)) return refused(21212, `The source phone number provided, ${from}, is not valid.`);
  const url = givenOf(params, 'Url');
  return url !== undefined && !isHttpUrl(url) ? refused(21205, `Url is not a valid URL: ${url}`) : null;
}

function missingPart(params: Params): RefusalCode | null {
  if (givenOf(params, 'To') === undefined) return 21201;
  if (givenOf(params, 'From') === undefined) return 21213;
  return ['Url', 'Twiml', 'ApplicationSid'].some((name) => givenOf(params, name) !== undefined) ? null : 21205;
}

function callView(record: StoredRecord): object {
  const uri = `/2010-04-01/Accounts/${record.account}/Calls/${record.sid}`;
  return {
    account_sid: record.account,
    annotation: null,
    answered_by: null,
    api_version: '2010-04-01',
    caller_name: null,
    date_created: rfc2822(record.createdMs),
    date_updated: rfc2822(record.updatedMs),
    direction: 'outbound-api',
    duration: null,
    end_time: null,
    forwarded_from: null,
    from: record.from,
    from_formatted: formatted(record.from ?? ''),
    group_sid: null,
    parent_call_sid: null,
    phone_number_sid: null,
    price: null,
    price_unit: 'USD',
    queue_time: '0',
    sid: record.sid,
    start_time: null,
    status: record.status,
    subresource_uris: Object.fromEntries(subresources.map((name) => [name.toLowerCase(), `${uri}/${name}.json`])),
    to: record.to,
    to_formatted: formatted(record.to),
    trunk_sid: null,
    uri: `${uri}.json`,
  };
}

/** `(500) 555-0006` for a North American number; any other address as it is. */
export function formatted(address: string): string {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(address);
  return parts === null ? address : `(${parts[1]}) ${parts[2]}-${parts[3]}`;
}
