import {
  attemptIdOf,
  event,
  metaOf,
  type AttemptStarted,
  type EventOf,
  type Outcome,
  type OutcomeReason,
  type ReturnReason,
  type SlotGranted,
} from '@paceline/contracts';
import type { Classified } from './classify.ts';

interface Stamp {
  readonly nowMicros: number;
  /** The process that writes. */
  readonly sender: string;
}

const metaFor = (type: Parameters<typeof metaOf>[0], slot: SlotGranted, input: { natural: readonly (string | number)[]; at: number }) =>
  metaOf(type, { ...input, correlationId: slot.request.batchId, causationId: slot.meta.eventId });

/** The claim of this slot's attempt; an attempt number is claimed once, so its id is the natural key. */
export function attemptStarted(slot: SlotGranted, deadline: number, stamp: Stamp): EventOf<'AttemptStarted'> {
  const attemptId = attemptIdOf(slot.request.requestId, slot.attempt);
  return event('AttemptStarted', {
    meta: metaFor('AttemptStarted', slot, { natural: [attemptId], at: stamp.nowMicros }),
    attemptId,
    request: slot.request,
    attempt: slot.attempt,
    backoff: slot.backoff,
    slotAt: slot.slotAt,
    number: slot.number,
    deadline,
    sender: stamp.sender,
  });
}

/** The same attempt goes back; it may come again in another slot, so the slot's number is part of the natural key. */
export function slotReturned(slot: SlotGranted, reason: ReturnReason, nowMicros: number): EventOf<'SlotReturned'> {
  const natural = [attemptIdOf(slot.request.requestId, slot.attempt), slot.number];
  return event('SlotReturned', {
    meta: metaFor('SlotReturned', slot, { natural, at: nowMicros }),
    request: slot.request,
    attempt: slot.attempt,
    backoff: slot.backoff,
    reason,
    slotAt: slot.slotAt,
    number: slot.number,
  });
}

const noAnswer = { httpStatus: null, code: null, sid: null, calledAt: null, ruleVersion: null, evidence: null, fields: null } as const;

/** The row ends here, unclaimed: the attempts before this one are all there were. */
export function closedAtClaim(
  slot: SlotGranted,
  end: { outcome: Outcome; reason: OutcomeReason },
  nowMicros: number,
): EventOf<'RequestClosed'> {
  const { requestId, batchId, account, row, api, externalId } = slot.request;
  return event('RequestClosed', {
    meta: metaFor('RequestClosed', slot, { natural: [requestId], at: nowMicros }),
    requestId,
    batchId,
    account,
    row,
    api,
    outcome: end.outcome,
    reason: end.reason,
    attempts: slot.attempt - 1,
    ...noAnswer,
    externalId,
  });
}

/** What came of a claim. Deterministic id: the same fact written twice is one fact. */
export function responseRecorded(
  claim: AttemptStarted,
  answer: Classified,
  times: { calledAt: number | null; answeredAt: number | null } & Stamp,
): EventOf<'ResponseRecorded'> {
  const { requestId, batchId, account } = claim.request;
  return event('ResponseRecorded', {
    meta: metaOf('ResponseRecorded', {
      natural: [claim.attemptId],
      at: times.nowMicros,
      correlationId: batchId,
      causationId: claim.meta.eventId,
    }),
    attemptId: claim.attemptId,
    requestId,
    batchId,
    account,
    attempt: claim.attempt,
    ...answer,
    calledAt: times.calledAt,
    answeredAt: times.answeredAt,
    sender: times.sender,
  });
}
