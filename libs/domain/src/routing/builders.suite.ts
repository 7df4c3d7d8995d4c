import { attemptIdOf, metaOf, type AttemptStarted, type Request, type ResponseRecorded } from '@paceline/contracts';
import type { RoutingSettings } from './response.decider.ts';

export const now = 1_800_000_000_000_000;

export const settings: RoutingSettings = { maxTotalWaitMs: 60_000, maxAttempts: 3, accountStopHoldMs: 5_000, horizonMs: 3_000 };

export const aRequest = (changes: Partial<Request> = {}): Request => ({
  requestId: 'r1',
  batchId: 'b1',
  account: 'demo',
  api: 'messages',
  lane: 'messages:abc',
  row: 7,
  line: 8,
  cost: 1,
  priority: 0,
  notBefore: null,
  expiresAt: null,
  timeZone: null,
  externalId: 'ext-7',
  contact: 'contact-hash',
  sender: 'sender-hash',
  parent: null,
  personal: { to: '+15005550001', params: [{ name: 'Body', value: 'hello' }] },
  ...changes,
});

export function aClaim(changes: Partial<AttemptStarted> = {}): AttemptStarted {
  const request = changes.request ?? aRequest();
  const attempt = changes.attempt ?? 1;
  const attemptId = attemptIdOf(request.requestId, attempt);
  return {
    meta: metaOf('AttemptStarted', { natural: [attemptId], at: now - 200_000, correlationId: request.batchId }),
    attemptId,
    request,
    attempt,
    backoff: { throttles: 0, since: null },
    slotAt: now - 20_000,
    number: 41,
    deadline: now,
    sender: 'sender-1',
    ...changes,
  };
}

export function aResponse(changes: Partial<ResponseRecorded> = {}, claim = aClaim()): ResponseRecorded {
  const { attemptId, attempt, request } = claim;
  return {
    meta: metaOf('ResponseRecorded', { natural: [attemptId], at: now, correlationId: request.batchId }),
    ...{ attemptId, attempt, requestId: request.requestId, batchId: request.batchId, account: request.account },
    class: 'ACCEPTED',
    reason: 'answered',
    ...{ httpStatus: 201, code: null, sid: 'SM1', message: null, retryAfterMs: null },
    ...{ calledAt: now - 50_000, answeredAt: now, bytesWritten: 300 },
    ...{ twilioRequestId: 'RQ1', concurrentRequests: 3, resource: '{"sid":"SM1"}', sender: 'sender-1' },
    ...changes,
  };
}
