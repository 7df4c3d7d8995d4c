import { type Answer, type ApiCall, type Params, created, found, givenOf, listOf, textOf } from './answers.ts';
import { isAddress, isHttpUrl, isSender, isSid } from './addresses.ts';
import { rfc2822 } from './instants.ts';
import { listRecords } from './listing.ts';
import { magicRefusal, messageMagic } from './magic.ts';
import { type NewRecord, type StoredRecord } from './record-store.ts';
import { type RefusalCode, refused } from './refusals.ts';
import { scheduleRefusal } from './scheduling.ts';
import { segmentsOf } from './segments.ts';
import { type World } from './world.ts';

const BODY_LIMIT = 1600;
const MEDIA_LIMIT = 10;

/** POST Messages.json: every check of Twilio's that can be made without knowing the account, then a new message. Never dedupes. */
export function createMessage(call: ApiCall, world: World): Answer {
  const refusal = messageRefusal(call, world);
  if (refusal !== null) return refusal;
  const record = world.store.add(messageOf(call));
  return created(record.sid, messageView(record));
}

export function listMessages(call: ApiCall, world: World): Answer {
  return listRecords(call, world, { kind: 'message', key: 'messages', date: 'DateSent', view: messageView });
}

export function fetchMessage(call: ApiCall, world: World): Answer {
  const record = messageRecord(call, world);
  return record === undefined ? refused(20404) : found(messageView(record));
}

/** POST Messages/{SID}.json: `Status=canceled` for a scheduled message, `Body=` (empty) to redact. */
export function updateMessage(call: ApiCall, world: World): Answer {
  const record = messageRecord(call, world);
  if (record === undefined) return refused(20404);
  if (textOf(call.params, 'Status') === 'canceled') {
    if (record.status !== 'scheduled') return refused(30409);
    record.status = 'canceled';
  }
  if (textOf(call.params, 'Body') === '') record.body = '';
  record.updatedMs = call.atMs;
  return found(messageView(record));
}

function messageRecord(call: ApiCall, world: World): StoredRecord | undefined {
  const record = world.store.get(call.captures[1] ?? '');
  return record?.kind === 'message' && record.account === call.account ? record : undefined;
}

function messageRefusal({ params, atMs }: ApiCall, world: World): Answer | null {
  const plain = missingPart(params) ?? mediaRefusal(params) ?? contentRefusal(params);
  if (plain !== null) return refused(plain);
  const malformed = malformedPart(params);
  if (malformed !== null) return malformed;
  const numbers = { to: textOf(params, 'To') ?? '', from: givenOf(params, 'From') };
  const magic = magicRefusal(messageMagic, numbers, world.settings.current);
  const last = magic ?? optionRefusal(params, atMs);
  return last === null ? null : refused(last);
}

function missingPart(params: Params): RefusalCode | null {
  if (givenOf(params, 'To') === undefined) return 21604;
  if (givenOf(params, 'From') === undefined && givenOf(params, 'MessagingServiceSid') === undefined) return 21603;
  if (hasContent(params)) return null;
  return params['Body'] === undefined ? 21619 : 21602;
}

const hasContent = (params: Params): boolean =>
  givenOf(params, 'Body') !== undefined || givenOf(params, 'MediaUrl') !== undefined || givenOf(params, 'ContentSid') !== undefined;

function mediaRefusal(params: Params): RefusalCode | null {
  const media = listOf(params, 'MediaUrl').filter((url) => url !== '');
  if (media.length > MEDIA_LIMIT) return 21623;
  return media.every(isHttpUrl) ? null : 21620;
}

function contentRefusal(params: Params): RefusalCode | null {
  if ((textOf(params, 'Body') ?? '').length > BODY_LIMIT) return 21617;
  const content = givenOf(params, 'ContentSid');
  if (content !== undefined && !isSid('HX', content)) return 21655;
  const variables = givenOf(params, 'ContentVariables');
  return variables !== undefined && !isJsonObject(variables) ? 21656 : null;
}

function malformedPart(params: Params): Answer | null {
  const to = textOf(params, 'To') ?? '';
  if (!isAddress(to)) return refused(21211, `Invalid 'To' Phone Number: ${to}`);
  const service = givenOf(params, 'MessagingServiceSid');
  if (service !== undefined && !isSid('MG', service)) return refused(21705);
  const from = givenOf(params, 'From');
  if (from !== undefined && !isSender(from) && !isSid('MG', from)) return refused(21212, `Invalid From Number: ${from}`);
  return null;
}

function optionRefusal(params: Params, nowMs: number): RefusalCode | null {
  const callback = givenOf(params, 'StatusCallback');
  return callback !== undefined && !isHttpUrl(callback) ? 21609 : scheduleRefusal(params, nowMs);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** A Messaging Service chooses sender and segments later: `accepted`, "0" segments, and no From unless one was given. */
function messageOf({ account, params, atMs }: ApiCall): NewRecord {
  const { from, service } = senderOf(params);
  const body = textOf(params, 'Body') ?? '';
  const media = listOf(params, 'MediaUrl').filter((url) => url !== '').length;
  return {
    kind: 'message',
    prefix: media > 0 ? 'MM' : 'SM',
    account,
    to: textOf(params, 'To') ?? '',
    from,
    service,
    body,
    media,
    segments: service === null ? String(media > 0 ? 1 : segmentsOf(body)) : '0',
    status: initialStatus(params, service),
    createdMs: atMs,
  };
}

/** A Messaging Service may also stand in From. */
function senderOf(params: Params): { from: string | null; service: string | null } {
  const from = givenOf(params, 'From') ?? null;
  const service = givenOf(params, 'MessagingServiceSid') ?? null;
  return from !== null && isSid('MG', from) ? { from: null, service: service ?? from } : { from, service };
}

function initialStatus(params: Params, service: string | null): string {
  if (givenOf(params, 'ScheduleType') !== undefined) return 'scheduled';
  return service === null ? 'queued' : 'accepted';
}

function messageView(record: StoredRecord): object {
  const uri = `/2010-04-01/Accounts/${record.account}/Messages/${record.sid}`;
  return {
    account_sid: record.account,
    api_version: '2010-04-01',
    body: record.body,
    date_created: rfc2822(record.createdMs),
    date_sent: null,
    date_updated: rfc2822(record.updatedMs),
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: record.from,
    messaging_service_sid: record.service,
    num_media: String(record.media),
    num_segments: record.segments,
    price: null,
    price_unit: 'USD',
    sid: record.sid,
    status: record.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: record.to,
    uri: `${uri}.json`,
  };
}
