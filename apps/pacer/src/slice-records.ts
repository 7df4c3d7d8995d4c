import { event, metaOf } from '@paceline/contracts';
import {
  requestCarriedOf,
  rowsClosedOf,
  slotGrantedOf,
  undecodableRowOf,
  type ControlChange,
  type Grant,
  type Slice,
  type Waiting,
} from '@paceline/domain/pacing';
import { deadLetterOf, type InputRecord, type OutputRecord, type PoisonRecord } from '@paceline/pipeline';
import type { TraceSpan, Tracing } from '@paceline/runtime';

export interface SliceRecords {
  readonly outputs: readonly OutputRecord[];
  /** Open until the commit's end is known. */
  readonly spans: readonly TraceSpan[];
}

/** What a slice says to the rest of the system. */
export function recordsOf(slice: Slice, nowMicros: number, tracing: Pick<Tracing, 'child'>): SliceRecords {
  const spans: TraceSpan[] = [];
  const outputs: OutputRecord[] = [];
  for (const grant of slice.grants) {
    const span = spanOf(grant, tracing);
    if (span !== null) spans.push(span);
    outputs.push(slotRecord(grant, nowMicros, span?.headers ?? {}));
  }
  for (const closed of rowsClosedOf(slice.closures, nowMicros)) {
    const { batchId } = closed.data;
    outputs.push({ topic: 'paceline.batches', key: batchId, event: closed, headers: { batchId } });
  }
  for (const item of slice.carried) outputs.push(carriedRecord(item));
  for (const change of slice.controls) outputs.push(controlRecord(change, nowMicros));
  return { outputs, spans };
}

function spanOf({ item, number }: Grant, tracing: Pick<Tracing, 'child'>): TraceSpan | null {
  if (item.traceparent === null) return null;
  const { requestId, batchId, account } = item.request;
  const attributes = { requestId, batchId, account, attempt: item.attempt, 'slot.number': number };
  return tracing.child('grant slot', { traceparent: item.traceparent }, { attributes });
}

function slotRecord(grant: Grant, nowMicros: number, trace: Readonly<Record<string, string>>): OutputRecord {
  const { requestId } = grant.item.request;
  return { topic: 'paceline.slots', key: requestId, event: slotGrantedOf(grant, nowMicros), headers: { ...trace, ...idsOf(grant.item) } };
}

/** The row again at the end of the log, its trace with it. */
function carriedRecord(item: Waiting): OutputRecord {
  const trace = item.traceparent === null ? {} : { traceparent: item.traceparent };
  return { topic: 'paceline.requests', key: item.request.account, event: requestCarriedOf(item), headers: { ...trace, ...idsOf(item) } };
}

const idsOf = ({ request: { requestId, batchId }, attempt }: Waiting): Record<string, string> => ({
  requestId,
  batchId,
  attempt: String(attempt),
});

/** Shape of paceline.controls; the instant makes the id, as with a person's wish. */
function controlRecord({ entity, aspect, origin, value, reason }: ControlChange, at: number): OutputRecord {
  return {
    topic: 'paceline.controls',
    key: `${entity}/${aspect}/${origin}`,
    event: event('ControlSet', {
      meta: metaOf('ControlSet', { natural: [entity, aspect, origin, at], at, correlationId: entity }),
      ...{ entity, aspect, origin, value, reason },
      by: 'pacer',
    }),
  };
}

/** A record that is no row for the pacer: its dead letter, and the outcome of the row that its headers name. */
export function burialOf(record: InputRecord, nowMicros: number): OutputRecord[] {
  const poison = record.kind === 'poison' ? record : strangerOf(record);
  const outputs = [deadLetterOf(poison, 'pacer', nowMicros)];
  const { topic, partition, offset, key, headers, reason } = poison;
  const closed = undecodableRowOf({ position: `${topic}-${partition}-${offset}`, key, headers, reason }, nowMicros);
  if (closed !== null) outputs.push({ topic: 'paceline.outcomes', key: closed.data.requestId, event: closed, headers: { ...headers } });
  return outputs;
}

/** An event that has no business in `requests`; its bytes stay in the log and the archive. */
function strangerOf(record: Extract<InputRecord, { kind: 'event' }>): PoisonRecord {
  const { topic, partition, offset, key, headers, timestampMs, event: decoded } = record;
  const reason = `${decoded.type} does not belong in ${topic}`;
  return { kind: 'poison', topic, partition, offset, key, headers, timestampMs, reason, rawKey: null, rawValue: null };
}
