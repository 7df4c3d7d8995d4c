// Rows as the ingestor would admit them, written straight to the topic: the pace is judged, not the reading of files.
import { batchIdOf, contactOf, event, hashId, metaOf, recordOf, requestIdOf, type Request } from '@paceline/contracts';
import { controlSet } from '@paceline/domain/controls';
import type { OutputRecord } from '@paceline/pipeline';

export interface BatchPlan {
  readonly weight: number;
  readonly rows: number;
  /** Rows take them in turn. */
  readonly senders: readonly string[];
  /** Segments of the rows, in turn. */
  readonly costs: readonly number[];
  /** No row is due before; UTC microseconds. */
  readonly notBefore?: number;
}

export interface RowPlace {
  readonly account: string;
  readonly batchId: string;
  /** Key of the contact hashes, the one the services use. */
  readonly contactKey: string;
  readonly now: number;
}

export const benchBatchId = (...natural: readonly (string | number)[]): string =>
  batchIdOf(hashId('benchmark', ...natural), 'benchmark', '1');

const recipient = (row: number): string => `+1415555${String(row % 10_000).padStart(4, '0')}`;

/** The n-th sender's number; none is a magic one of Twilio's. */
export const senderNumber = (n: number): string => `+1628555${String(n).padStart(4, '0')}`;

const cycled = <T>(values: readonly T[], index: number, absent: T): T => values[index % values.length] ?? absent;

function requestOf(row: number, plan: BatchPlan, { account, batchId, contactKey }: RowPlace): Request {
  // A sender's rows take every cost in turn, even when there are as many senders as costs.
  const from = cycled(plan.senders, row - 1, senderNumber(0));
  const cost = cycled(plan.costs, Math.floor((row - 1) / Math.max(1, plan.senders.length)), 1);
  const sender = contactOf(contactKey, from);
  const to = recipient(row);
  return {
    requestId: requestIdOf(batchId, row),
    batchId,
    account,
    api: 'messages',
    lane: `messages:${sender.slice(0, 12)}`,
    row,
    line: row + 1,
    cost,
    priority: 0,
    notBefore: plan.notBefore ?? null,
    expiresAt: null,
    timeZone: null,
    externalId: null,
    contact: contactOf(contactKey, to),
    sender,
    parent: null,
    personal: {
      to,
      params: [
        { name: 'From', value: from },
        { name: 'Body', value: 'A reminder of your appointment. '.repeat(cost === 1 ? 1 : cost * 5 - 2).trim() },
      ],
    },
  };
}

export function rowRecords(plan: BatchPlan, place: RowPlace): OutputRecord[] {
  const { batchId, now } = place;
  return Array.from({ length: plan.rows }, (_, index) => {
    const request = requestOf(index + 1, plan, place);
    const { requestId } = request;
    const meta = metaOf('RequestAdmitted', { natural: [requestId], at: now, correlationId: batchId });
    return recordOf(event('RequestAdmitted', { meta, request }), { requestId, batchId, attempt: '1' });
  });
}

export interface Wish {
  readonly entity: string;
  readonly aspect: 'paused' | 'weight' | 'cancelled' | 'rate';
  /** Null lifts. */
  readonly value: unknown;
}

export const controlRecord = ({ entity, aspect, value }: Wish, at: number): OutputRecord =>
  recordOf(
    controlSet(
      { entity, aspect, origin: 'operator', value: value === null ? null : JSON.stringify(value), reason: 'benchmark', by: 'benchmark' },
      at,
    ),
  );
