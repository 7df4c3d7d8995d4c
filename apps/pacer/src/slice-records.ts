import { recordOf } from '@paceline/contracts';
import { controlSet } from '@paceline/domain/controls';
import { requestCarriedOf, rowsClosedOf, slotGrantedOf, type Grant, type Slice, type Waiting } from '@paceline/domain/pacing';
import type { OutputRecord } from '@paceline/pipeline';
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
    outputs.push(recordOf(closed, { batchId: closed.data.batchId }));
  }
  for (const item of slice.carried) outputs.push(carriedRecord(item));
  for (const change of slice.controls) outputs.push(recordOf(controlSet({ ...change, by: 'pacer' }, nowMicros)));
  return { outputs, spans };
}

function spanOf({ item, number }: Grant, tracing: Pick<Tracing, 'child'>): TraceSpan | null {
  if (item.traceparent === null) return null;
  const { requestId, batchId, account } = item.request;
  const attributes = { requestId, batchId, account, attempt: item.attempt, 'slot.number': number };
  return tracing.child('grant slot', { traceparent: item.traceparent }, { attributes });
}

function slotRecord(grant: Grant, nowMicros: number, trace: Readonly<Record<string, string>>): OutputRecord {
  return recordOf(slotGrantedOf(grant, nowMicros), { ...trace, ...idsOf(grant.item) });
}

/** The row again at the end of the log, its trace with it. */
function carriedRecord(item: Waiting): OutputRecord {
  const trace = item.traceparent === null ? {} : { traceparent: item.traceparent };
  return recordOf(requestCarriedOf(item), { ...trace, ...idsOf(item) });
}

const idsOf = ({ request: { requestId, batchId }, attempt }: Waiting): Record<string, string> => ({
  requestId,
  batchId,
  attempt: String(attempt),
});
