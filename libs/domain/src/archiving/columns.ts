import type { EventName, EventTypes, Request } from '@paceline/contracts';
import { maskAddress, maskName, maskText } from './masks.ts';
import type { EventColumns, Mapped, PersonalPart } from './rows.ts';
import { resendPlanned, resendRequested } from './resend-columns.ts';
import { alertCleared, alertRaised, codesCounted, controlSet, deadLettered, pacerGauged, senderGauged } from './signal-columns.ts';

type Mappers = { readonly [N in EventName]: (data: EventTypes[N]) => Mapped };

const requestColumns = (request: Request): EventColumns => ({
  batch_id: request.batchId,
  request_id: request.requestId,
  account: request.account,
  api: request.api,
  lane: request.lane,
  row: request.row,
  line: request.line,
  cost: request.cost,
  priority: request.priority,
  external_id: request.externalId,
  contact: request.contact,
  to_masked: maskAddress(request.personal.to),
  parent: request.parent,
});

const personalOf = ({ contact, personal }: Request): PersonalPart => ({
  kind: 'request',
  contact,
  to: personal.to,
  params: JSON.stringify(personal.params.map(({ name, value }) => [name, value])),
});

const contentOf = (kind: 'response' | 'answer', content: string | null): PersonalPart | null =>
  content === null ? null : { kind, content };

const requestAdmitted = ({ request }: EventTypes['RequestAdmitted']): Mapped => ({
  columns: { ...requestColumns(request), attempt: 1, not_before: request.notBefore, expires_at: request.expiresAt },
  payload: { sender: request.sender },
  personal: personalOf(request),
});

const requestCarried = ({ request, attempt, backoff, notBefore }: EventTypes['RequestCarried']): Mapped => ({
  columns: { ...requestColumns(request), attempt, not_before: notBefore, expires_at: request.expiresAt, throttles: backoff.throttles },
  payload: { sender: request.sender, backoff },
  personal: personalOf(request),
});

const retryScheduled = ({ request, attempt, backoff, notBefore, reason, previous, ruleVersion }: EventTypes['RetryScheduled']): Mapped => ({
  columns: { ...requestColumns(request), attempt, not_before: notBefore, reason, throttles: backoff.throttles, rule_version: ruleVersion },
  payload: { backoff, previous },
});

const slotGranted = ({ request, attempt, slotAt, number, era, cost, backoff }: EventTypes['SlotGranted']): Mapped => ({
  columns: { ...requestColumns(request), attempt, slot_at: slotAt, number, era, cost, throttles: backoff.throttles },
});

const slotReturned = ({ request, attempt, slotAt, number, reason, backoff }: EventTypes['SlotReturned']): Mapped => ({
  columns: { ...requestColumns(request), attempt, slot_at: slotAt, number, reason, throttles: backoff.throttles },
});

const attemptStarted = ({ request, attempt, slotAt, number, deadline, sender, backoff }: EventTypes['AttemptStarted']): Mapped => ({
  columns: { ...requestColumns(request), attempt, slot_at: slotAt, number, deadline, sender, throttles: backoff.throttles },
});

const responseRecorded = (data: EventTypes['ResponseRecorded']): Mapped => ({
  columns: {
    batch_id: data.batchId,
    request_id: data.requestId,
    account: data.account,
    attempt: data.attempt,
    class: data.class,
    reason: data.reason,
    http_status: data.httpStatus,
    code: data.code,
    sid: data.sid,
    detail: maskText(data.message ?? ''),
    retry_after_ms: data.retryAfterMs,
    called_at: data.calledAt,
    answered_at: data.answeredAt,
    sender: data.sender,
  },
  payload: { bytesWritten: data.bytesWritten, twilioRequestId: data.twilioRequestId, concurrentRequests: data.concurrentRequests },
  personal: contentOf('response', data.resource),
});

const requestClosed = (data: EventTypes['RequestClosed']): Mapped => ({
  columns: {
    batch_id: data.batchId,
    request_id: data.requestId,
    account: data.account,
    api: data.api,
    row: data.row,
    outcome: data.outcome,
    reason: data.reason,
    attempts: data.attempts,
    http_status: data.httpStatus,
    code: data.code,
    sid: data.sid,
    called_at: data.calledAt,
    rule_version: data.ruleVersion,
    evidence: maskText(data.evidence ?? ''),
    external_id: data.externalId,
  },
  personal: contentOf('answer', data.fields),
});

/** Rows suppressed before they became requests are counted as suppressed, not as refused. */
const outcomeOfRefusal = (code: string): string => (code === 'suppressed-at-admission' ? 'suppressed' : 'refused');

const requestRefused = (data: EventTypes['RequestRefused']): Mapped => ({
  columns: {
    batch_id: data.batchId,
    request_id: data.requestId,
    account: data.account,
    row: data.row,
    line: data.line,
    outcome: outcomeOfRefusal(data.code),
    reason: data.code,
    detail: maskText(data.reason),
    external_id: data.externalId,
  },
  payload: { column: data.column },
  personal: { kind: 'uploaded', uploaded: data.uploaded },
});

const rowsClosed = ({ batchId, account, ranges, outcome, reason }: EventTypes['RowsClosed']): Mapped => ({
  columns: {
    batch_id: batchId,
    account,
    outcome,
    reason,
    range_from: ranges.map(({ from }) => from),
    range_to: ranges.map(({ to }) => to),
  },
});

const batchAdmitted = ({
  batchId,
  account,
  source,
  name,
  location,
  fileHash,
  runId,
  format,
  columns,
}: EventTypes['BatchAdmitted']): Mapped => ({
  columns: { batch_id: batchId, account, source, file: maskName(name) },
  payload: { location, fileHash, runId, format, columns },
});

const batchProgressed = ({ batchId, account, rows, admitted, refused }: EventTypes['BatchProgressed']): Mapped => ({
  columns: { batch_id: batchId, account, rows, admitted, refused },
});

const batchRead = (data: EventTypes['BatchRead']): Mapped => {
  const { batchId, account, rows, admitted, refused, segments, reasons, warnings, complete } = data;
  return { columns: { batch_id: batchId, account, rows, admitted, refused, segments }, payload: { reasons, warnings, complete } };
};

const batchRefused = ({ batchId, account, source, name, location, code, reason, line }: EventTypes['BatchRefused']): Mapped => ({
  columns: { batch_id: batchId, account, source, file: maskName(name), reason: code, detail: maskText(reason), line: line ?? 0 },
  payload: { location },
});

const duplicateFileSeen = ({ batchId, account, source, name, location }: EventTypes['DuplicateFileSeen']): Mapped => ({
  columns: { batch_id: batchId, account, source, file: maskName(name) },
  payload: { location },
});

const fileFound = (data: EventTypes['FileFound']): Mapped => {
  const { source, account, name, location, fileHash, sizeBytes, format, compression, runId, etag } = data;
  return {
    columns: { account, source, file: maskName(name) },
    payload: { location, fileHash, sizeBytes, format, compression, runId, etag },
  };
};

const suppressionSet = ({
  contact,
  reason,
  expiresAt,
  channel,
  scope,
  origin,
  lifted,
  by,
  asOf,
}: EventTypes['SuppressionSet']): Mapped => ({
  columns: { contact, detail: maskText(reason), expires_at: expiresAt },
  payload: { channel, scope, origin, lifted, by, asOf },
});

/** One function per event type; the compiler asks for a new one when the log gets a new event. */
export const mappers: Mappers = {
  AlertCleared: alertCleared,
  AlertRaised: alertRaised,
  AttemptStarted: attemptStarted,
  BatchAdmitted: batchAdmitted,
  BatchProgressed: batchProgressed,
  BatchRead: batchRead,
  BatchRefused: batchRefused,
  CodesCounted: codesCounted,
  ControlSet: controlSet,
  DeadLettered: deadLettered,
  DuplicateFileSeen: duplicateFileSeen,
  FileFound: fileFound,
  PacerGauged: pacerGauged,
  RequestAdmitted: requestAdmitted,
  RequestCarried: requestCarried,
  RequestClosed: requestClosed,
  RequestRefused: requestRefused,
  ResendPlanned: resendPlanned,
  ResendRequested: resendRequested,
  ResponseRecorded: responseRecorded,
  RetryScheduled: retryScheduled,
  RowsClosed: rowsClosed,
  SenderGauged: senderGauged,
  SlotGranted: slotGranted,
  SlotReturned: slotReturned,
  SuppressionSet: suppressionSet,
};
