import { event, metaOf, type EventOf, type Micros } from '@paceline/contracts';
import type { Grant } from './slice.ts';

/** The slot of a grant. Its id follows from the number, which no other slot of the account ever bears. */
export function slotGrantedOf({ item, slotAt, number, era, cost }: Grant, now: Micros): EventOf<'SlotGranted'> {
  const { request, attempt, backoff, causationId } = item;
  const { account, batchId } = request;
  const meta = metaOf('SlotGranted', { natural: [account, number], at: now, correlationId: batchId, causationId });
  return event('SlotGranted', { meta, request, attempt, backoff, slotAt, number, era, cost });
}

interface LostRow {
  /** topic-partition-offset of the record. */
  readonly position: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string;
}

/** The outcome of a row whose record can never be read, as far as the record's headers tell the row; null when they do not. */
export function undecodableRowOf({ position, key, headers, reason }: LostRow, now: Micros): EventOf<'RequestClosed'> | null {
  const { requestId, batchId, attempt } = headers;
  if (requestId === undefined || batchId === undefined) return null;
  return event('RequestClosed', {
    meta: metaOf('RequestClosed', { natural: [requestId], at: now, correlationId: batchId }),
    requestId,
    batchId,
    account: key ?? '',
    row: 0,
    api: 'unknown',
    outcome: 'unknown',
    reason: 'undecodable',
    attempts: Math.max(0, Number(attempt ?? 1) - 1) || 0,
    httpStatus: null,
    code: null,
    sid: null,
    calledAt: null,
    ruleVersion: null,
    evidence: JSON.stringify({ position, reason }),
    externalId: null,
    fields: null,
  });
}
