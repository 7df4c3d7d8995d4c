// Claims and their answers as a sender writes them.
import { attemptIdOf, event, metaOf, type EventOf, type Request, type ResponseRecorded } from '@paceline/contracts';

const sender = 'sender-benchmark';

export function claimOf(request: Request, slotAt: number): EventOf<'AttemptStarted'> {
  const attemptId = attemptIdOf(request.requestId, 1);
  const meta = metaOf('AttemptStarted', { natural: [attemptId], at: slotAt - 300_000, correlationId: request.batchId });
  const slot = { slotAt, number: request.row, deadline: slotAt + 20_000, sender };
  return event('AttemptStarted', { meta, attemptId, request, attempt: 1, backoff: { throttles: 0, since: null }, ...slot });
}

type Answer = Pick<ResponseRecorded, 'class' | 'httpStatus' | 'code' | 'sid'> & { readonly reason?: string };

const accepted: Answer = { class: 'ACCEPTED', httpStatus: 201, code: null, sid: `SM${'0'.repeat(32)}` };

const refused = (code: number): Answer => ({ class: 'REJECTED', httpStatus: 400, code, sid: null });
const throttled: Answer = { class: 'NOT_PROCESSED', httpStatus: 429, code: 20429, sid: null };
const unanswered = { httpStatus: null, code: null, sid: null } as const;

/** Of a hundred answers: ninety acceptances, and what else a day brings. */
const others: ReadonlyMap<number, Answer> = new Map([
  ...[9, 29, 59, 89].map((n): [number, Answer] => [n, throttled]),
  ...[19, 69].map((n): [number, Answer] => [n, refused(21610)]),
  ...[39, 79].map((n): [number, Answer] => [n, refused(21211)]),
  [49, { class: 'IN_DOUBT', reason: 'timeout', ...unanswered }],
  [99, { class: 'NOT_SENT', reason: 'deadline-passed', ...unanswered }],
]);

export function responseTo({ data: claim }: EventOf<'AttemptStarted'>, n: number): EventOf<'ResponseRecorded'> {
  const { attemptId, attempt, slotAt, request } = claim;
  const { requestId, batchId, account } = request;
  const answer = { reason: 'answered', ...(others.get(n % 100) ?? accepted) };
  const wasCalled = answer.class !== 'NOT_SENT';
  return event('ResponseRecorded', {
    meta: metaOf('ResponseRecorded', {
      natural: [attemptId],
      at: slotAt + 100_000,
      correlationId: batchId,
      causationId: claim.meta.eventId,
    }),
    ...{ attemptId, requestId, batchId, account, attempt, ...answer, message: null, retryAfterMs: null },
    ...{ calledAt: wasCalled ? slotAt : null, answeredAt: wasCalled ? slotAt + 100_000 : null, bytesWritten: wasCalled ? 480 : 0 },
    ...{ twilioRequestId: `RQ${'0'.repeat(32)}`, concurrentRequests: 7, resource: null, sender },
  });
}
