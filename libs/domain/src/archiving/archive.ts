import { hashId, type EventName, type EventTypes, type Meta } from '@paceline/contracts';
import { mappers } from './columns.ts';
import { maskText, maskedJson } from './masks.ts';
import type { ArchivedRecord, ArchivedRows, EventRow, Mapped, PersonalPart, PersonalRow, RawRecord } from './rows.ts';

/** W3C traceparent: version-traceid-spanid-flags. */
const traceIdOf = (headers: Readonly<Record<string, string>>): string => headers['traceparent']?.split('-')[1] ?? '';

/** The rows of one decoded record. Promise: outside `personal` there is no phone number, body, uploaded row or answer. */
export function rowsOf(record: ArchivedRecord): ArchivedRows {
  const { event } = record;
  const mapped = mapperOf(event.type)(event.data);
  const { eventId, occurredAt, causationId } = event.data.meta;
  return assemble(record, { type: event.type, meta: { eventId, occurredAt, causationId }, mapped });
}

/**
 * The rows of a record without an event: `poison`, or `tombstone` for the deletion of a key. The id follows from the
 * position, so that a block collected again has the same rows.
 */
export function rowsOfRaw(record: RawRecord): ArchivedRows {
  const { topic, partition, offset, headers } = record;
  const type = isTombstone(record) ? 'tombstone' : 'poison';
  const row = { batch_id: headers['batchId'] ?? '', request_id: headers['requestId'] ?? '', attempt: attemptIn(headers) };
  const meta = { eventId: hashId(type, topic, partition, offset), occurredAt: record.timestampMs * 1000, causationId: null };
  const mapped = isTombstone(record)
    ? { columns: row }
    : { columns: { ...row, detail: maskText(record.reason) }, personal: rawPart(record) };
  return assemble(record, { type, meta, mapped });
}

const rawPart = ({ rawKey, rawValue }: RawRecord): PersonalPart => ({
  kind: 'raw',
  content: JSON.stringify({ key: rawKey?.toString('base64') ?? null, value: rawValue?.toString('base64') ?? null }),
});

/** Attempts are counted from 1; anything else in that header is no attempt. */
function attemptIn(headers: Readonly<Record<string, string>>): number {
  const attempt = Number(headers['attempt'] ?? 0);
  return Number.isInteger(attempt) && attempt > 0 && attempt < 65_536 ? attempt : 0;
}

/** No value at all means that the key was deleted: nothing to decode, nothing to complain about. */
export const isTombstone = (record: Pick<RawRecord, 'rawValue'>): boolean => record.rawValue === null;

interface Parts {
  readonly type: string;
  readonly meta: Pick<Meta, 'eventId' | 'occurredAt' | 'causationId'>;
  readonly mapped: Mapped;
}

function assemble(record: Pick<RawRecord, 'topic' | 'partition' | 'offset' | 'headers'>, { type, meta, mapped }: Parts): ArchivedRows {
  const event: EventRow = {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    event_type: type,
    event_id: meta.eventId,
    causation_id: meta.causationId,
    occurred_at: meta.occurredAt,
    trace_id: traceIdOf(record.headers),
    ...mapped.columns,
    payload: mapped.payload === undefined ? '' : maskedJson(mapped.payload),
  };
  return { event, personal: mapped.personal ? personalRow(event, mapped.personal) : null };
}

const personalRow = (event: EventRow, part: PersonalPart): PersonalRow => ({
  batch_id: event.batch_id ?? '',
  request_id: event.request_id ?? '',
  event_id: event.event_id,
  occurred_at: event.occurred_at,
  ...part,
});

/** The table is total over the event names; this only joins a name with the data that came with it. */
const mapperOf = (type: EventName): ((data: EventTypes[EventName]) => Mapped) => mappers[type] as (data: EventTypes[EventName]) => Mapped;
