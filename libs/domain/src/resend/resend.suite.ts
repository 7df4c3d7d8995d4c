import {
  event,
  metaOf,
  requestIdOf,
  type BatchAdmitted,
  type Event,
  type Request,
  type RequestClosed,
  type ResendRequested,
} from '@paceline/contracts';
import { batchAdmitted } from '../ingest/index.ts';
import { resendRequested, type ResendWish } from './resend-events.ts';

export const original = 'b0b0';
export const now = 1_800_000_000_000_000;

const meta = (type: Parameters<typeof metaOf>[0], natural: readonly (string | number)[], at: number) =>
  metaOf(type, { natural, at, correlationId: original });

export const file: BatchAdmitted = batchAdmitted(
  {
    ...{ batchId: original, account: 'demo', source: 'drop', name: 'march.csv', location: '/inbox/march.csv', fileHash: 'h' },
    ...{ runId: '', format: 'csv', causedBy: null, now },
  },
  ['To', 'Body'],
).data;

export const aRequest = (row: number, changes: Partial<Request> = {}): Request => ({
  ...{
    requestId: requestIdOf(original, row),
    batchId: original,
    account: 'demo',
    api: 'messages',
    lane: 'messages:abc',
    row,
    line: row + 1,
  },
  ...{
    cost: 1,
    priority: 0,
    notBefore: null,
    expiresAt: null,
    timeZone: null,
    externalId: `e${row}`,
    contact: 'c',
    sender: 's',
    parent: null,
  },
  personal: {
    to: `+1500600${String(row).padStart(4, '0')}`,
    params: [
      { name: 'From', value: '+15005550006' },
      { name: 'Body', value: 'hello {{name}}' },
    ],
  },
  ...changes,
});

export const admitted = (request: Request): Event =>
  event('RequestAdmitted', { meta: meta('RequestAdmitted', [request.requestId], now), request });

export type Ended = Partial<Pick<RequestClosed, 'outcome' | 'reason' | 'httpStatus' | 'code'>> & { readonly at?: number };

export const rejected = { outcome: 'rejected', reason: 'twilio-rejected', httpStatus: 400, code: 30022 } as const;

/** The end of a row of any batch; rejected with 30022 unless told otherwise. */
export function closed(batchId: string, row: number, { at = now, ...ending }: Ended = {}): Event {
  const requestId = requestIdOf(batchId, row);
  return event('RequestClosed', {
    ...{ meta: meta('RequestClosed', [requestId], at), requestId, batchId, account: 'demo', row, api: 'messages' },
    ...rejected,
    ...{ attempts: 1, sid: null, calledAt: now, ruleVersion: null, evidence: null, externalId: null, fields: null },
    ...ending,
  });
}

export const closedTogether = (batchId: string, from: number, to: number): Event =>
  event('RowsClosed', {
    ...{ meta: meta('RowsClosed', [batchId, from], now), batchId, account: 'demo', ranges: [{ from, to }] },
    ...{ outcome: 'cancelled', reason: 'cancelled' },
  });

export function command(changes: Partial<ResendWish> = {}, at = now + 1): ResendRequested {
  const wish = { batchId: original, outcomes: ['rejected'] as const, codes: [], since: null, expiresAt: null, by: 'alice', reason: '' };
  return resendRequested({ ...wish, ...changes }, at).data;
}
