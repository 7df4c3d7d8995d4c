import {
  attemptIdOf,
  event,
  metaOf,
  recordOf,
  type AttemptStarted,
  type Backoff,
  type EventOf,
  type Micros,
  type Outcome,
  type OutcomeReason,
  type OutputRecord,
  type ResponseRecorded,
  type RetryReason,
} from '@paceline/contracts';

export interface Closing {
  readonly outcome: Outcome;
  readonly reason: OutcomeReason;
  readonly now: Micros;
  readonly response?: ResponseRecorded | undefined;
  /** Of the error table that was in force. */
  readonly ruleVersion: string;
  readonly evidence?: string;
}

/** The outcome of a claimed request; its id depends on the request alone, so written twice it is the same fact. */
export function closedRecord(claim: AttemptStarted, closing: Closing): OutputRecord {
  const { requestId, batchId, account, row, api, externalId } = claim.request;
  const { response } = closing;
  const closed = event('RequestClosed', {
    meta: metaOf('RequestClosed', {
      natural: [requestId],
      at: closing.now,
      correlationId: batchId,
      causationId: response?.meta.eventId ?? claim.meta.eventId,
    }),
    ...{ requestId, batchId, account, row, api, externalId },
    outcome: closing.outcome,
    reason: closing.reason,
    attempts: claim.attempt,
    ...answerOf(response),
    ruleVersion: closing.ruleVersion,
    evidence: closing.evidence ?? null,
  });
  return recordOf(closed);
}

const nothing = { httpStatus: null, code: null, sid: null, calledAt: null, fields: null };

function answerOf(response: ResponseRecorded | undefined): typeof nothing | Pick<EventOf<'RequestClosed'>['data'], keyof typeof nothing> {
  if (response === undefined) return nothing;
  const { httpStatus, code, sid, calledAt, resource } = response;
  return { httpStatus, code, sid, calledAt, fields: resource };
}

export interface Retry {
  readonly reason: RetryReason;
  readonly backoff: Backoff;
  readonly notBefore: Micros;
  readonly now: Micros;
  readonly response?: ResponseRecorded | undefined;
  /** Of the error table that was in force. */
  readonly ruleVersion: string;
}

/** Attempt n+1 of the same request; it re-enters through the pacer like every other. */
export function retryRecord(claim: AttemptStarted, retry: Retry): OutputRecord {
  const { request, attempt } = claim;
  const scheduled = event('RetryScheduled', {
    meta: metaOf('RetryScheduled', {
      natural: [attemptIdOf(request.requestId, attempt + 1)],
      at: retry.now,
      correlationId: request.batchId,
      causationId: retry.response?.meta.eventId ?? claim.meta.eventId,
    }),
    request,
    attempt: attempt + 1,
    backoff: retry.backoff,
    notBefore: retry.notBefore,
    reason: retry.reason,
    previous: claim.attemptId,
    ruleVersion: retry.ruleVersion,
  });
  return recordOf(scheduled);
}
