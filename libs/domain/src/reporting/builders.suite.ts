import {
  attemptIdOf,
  event,
  metaOf,
  requestIdOf,
  type AttemptStarted,
  type Event,
  type EventName,
  type Meta,
  type Request,
  type RequestClosed,
  type ResponseRecorded,
} from '@paceline/contracts';

export const now = 1_800_000_000_000_000;
export const batchId = 'b1';

const meta = (type: EventName, at: number, ...natural: (string | number)[]): Meta => metaOf(type, { natural, at, correlationId: batchId });
const file = { batchId, account: 'demo', source: 'drop', name: 'sample.csv', location: '/inbox/sample.csv' };

export const aRequest = (row: number): Request => ({
  ...{ requestId: requestIdOf(batchId, row), batchId, account: 'demo', api: 'messages', lane: 'messages:abc', row, line: row + 1 },
  ...{ cost: 1, priority: 0, notBefore: null, expiresAt: null, timeZone: null, externalId: null, contact: 'c', sender: 's', parent: null },
  personal: { to: '+15005550001', params: [{ name: 'Body', value: 'secret body' }] },
});

export const batchAdmitted = (): Event =>
  event('BatchAdmitted', { meta: meta('BatchAdmitted', now, batchId), ...file, fileHash: 'h', runId: '', format: 'csv', columns: ['To'] });

export const batchProgressed = (rows: number, admitted: number): Event => {
  const at = meta('BatchProgressed', now, batchId, rows);
  return event('BatchProgressed', { meta: at, batchId, account: 'demo', rows, admitted, refused: rows - admitted });
};

export const batchRead = (rows: number, admitted: number): Event => {
  const totals = { rows, admitted, refused: rows - admitted, segments: admitted, reasons: {}, warnings: [], complete: true };
  return event('BatchRead', { meta: meta('BatchRead', now, batchId), batchId, account: 'demo', ...totals });
};

export const batchRefused = (): Event =>
  event('BatchRefused', {
    meta: meta('BatchRefused', now, batchId),
    ...file,
    code: 'broken-quotes',
    reason: 'line 3 ends in a quote',
    line: 3,
  });

export const duplicateSeen = (): Event => event('DuplicateFileSeen', { meta: meta('DuplicateFileSeen', now, batchId), ...file });

export const admitted = (row: number): Event =>
  event('RequestAdmitted', { meta: meta('RequestAdmitted', now + row, batchId, row), request: aRequest(row) });

export const refused = (row: number, code = 'invalid-to'): Event =>
  event('RequestRefused', {
    ...{ meta: meta('RequestRefused', now, batchId, row), batchId, account: 'demo', requestId: requestIdOf(batchId, row), row },
    ...{ line: row + 1, column: 'To', code, reason: 'not a number', externalId: null, uploaded: ['x'] },
  });

export const rowsClosed = (...ranges: [from: number, to: number][]): Event =>
  event('RowsClosed', {
    ...{ meta: meta('RowsClosed', now, batchId, ranges.join()), batchId, account: 'demo', outcome: 'cancelled', reason: 'cancelled' },
    ranges: ranges.map(([from, to]) => ({ from, to })),
  });

export function claimed(row: number, changes: Partial<AttemptStarted> = {}): Event {
  const request = aRequest(row);
  const attempt = changes.attempt ?? 1;
  const attemptId = attemptIdOf(request.requestId, attempt);
  const slot = { slotAt: now + row * 1000, number: row, deadline: now, sender: 'sender-1', backoff: { throttles: 0, since: null } };
  return event('AttemptStarted', { meta: meta('AttemptStarted', now + 20, attemptId), attemptId, request, attempt, ...slot, ...changes });
}

export function answered(row: number, changes: Partial<ResponseRecorded> = {}): Event {
  const requestId = requestIdOf(batchId, row);
  const attempt = changes.attempt ?? 1;
  const attemptId = attemptIdOf(requestId, attempt);
  return event('ResponseRecorded', {
    ...{ meta: meta('ResponseRecorded', now + 40, attemptId), attemptId, requestId, batchId, account: 'demo', attempt, class: 'ACCEPTED' },
    ...{ reason: 'answered', httpStatus: 201, code: null, sid: 'SM1', message: null, retryAfterMs: null, calledAt: now + row * 20_000 },
    ...{
      answeredAt: now + row * 20_000 + 5_000,
      bytesWritten: 9,
      twilioRequestId: null,
      concurrentRequests: null,
      resource: null,
      sender: 's',
    },
    ...changes,
  });
}

export function closed(row: number, changes: Partial<RequestClosed> = {}): Event {
  const requestId = requestIdOf(batchId, row);
  return event('RequestClosed', {
    ...{ meta: meta('RequestClosed', now + 60, requestId), requestId, batchId, account: 'demo', row, api: 'messages', outcome: 'accepted' },
    ...{ reason: 'accepted', attempts: 1, httpStatus: 201, code: null, sid: 'SM1', calledAt: now, ruleVersion: null, evidence: null },
    ...{ externalId: null, fields: null },
    ...changes,
  });
}

export const retried = (row: number): Event =>
  event('RetryScheduled', {
    ...{ meta: meta('RetryScheduled', now + 60, row), request: aRequest(row), attempt: 2, backoff: { throttles: 1, since: now } },
    ...{ notBefore: now + 200_000, reason: 'throttled', previous: attemptIdOf(requestIdOf(batchId, row), 1), ruleVersion: null },
  });
