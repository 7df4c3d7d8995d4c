import type { Api, ResponseClass, ResponseReason } from '@paceline/contracts';
import { fieldsOf, keptResource, resourceOf, twilioErrorOf, type TwilioError } from './answer-body.ts';
import type { Answer, Observation } from './observation.ts';
import { retryAfterMs } from './retry-after.ts';

/** An observation and what it means; ready to be recorded. */
export interface Classified {
  readonly class: ResponseClass;
  readonly reason: ResponseReason;
  readonly httpStatus: number | null;
  readonly code: number | null;
  readonly sid: string | null;
  readonly message: string | null;
  readonly retryAfterMs: number | null;
  readonly bytesWritten: number;
  readonly twilioRequestId: string | null;
  readonly concurrentRequests: number | null;
  readonly resource: string | null;
}

type Verdict = Pick<Classified, 'class' | 'reason'> & { readonly sid?: string | null; readonly resource?: string | null };

/** Codes that concern the whole account, whatever status they come with: inactive, suspended, disabled, unauthorised. */
const accountCodes: ReadonlySet<number> = new Set([20003, 20005, 20006, 10001, 30002, 30037]);

const nothing = {
  httpStatus: null,
  code: null,
  sid: null,
  message: null,
  retryAfterMs: null,
  bytesWritten: 0,
  twilioRequestId: null,
  concurrentRequests: null,
  resource: null,
} as const;

/**
 * The class table. Only what certainly was not processed may become another attempt: NOT_SENT (no byte written) and
 * NOT_PROCESSED (429). What may have been processed is IN_DOUBT, never a retry.
 */
export function classify(api: Api, observation: Observation, nowMicros: number): Classified {
  switch (observation.kind) {
    case 'gate':
      return { ...nothing, class: 'NOT_SENT', reason: observation.reason };
    case 'network':
      return { ...nothing, class: 'NOT_SENT', reason: observation.stage };
    case 'lost':
      return { ...nothing, class: 'IN_DOUBT', reason: observation.how, bytesWritten: observation.bytesWritten };
    case 'answer':
      return classifyAnswer(api, observation, nowMicros);
  }
}

function classifyAnswer(api: Api, answer: Answer, nowMicros: number): Classified {
  const fields = fieldsOf(answer);
  const error: TwilioError = isSuccess(answer.status) ? { code: null, message: null } : twilioErrorOf(fields);
  const verdict = isSuccess(answer.status) ? success(api, answer, fields) : refusal(answer.status, error.code);
  return {
    ...nothing,
    httpStatus: answer.status,
    code: error.code,
    message: error.message,
    retryAfterMs: retryAfterMs(answer.headers['retry-after'], nowMicros),
    bytesWritten: answer.bytesWritten,
    twilioRequestId: answer.headers['twilio-request-id']?.slice(0, 64) ?? null,
    concurrentRequests: smallInteger(answer.headers['twilio-concurrent-requests']),
    ...verdict,
  };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

const smallInteger = (text: string | undefined): number | null => (text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null);

function success(api: Api, answer: Answer, fields: Readonly<Record<string, unknown>> | null): Verdict {
  if (answer.bodyState === 'cut') return { class: 'IN_DOUBT', reason: 'truncated' };
  if (answer.bodyState === 'timed-out') return { class: 'IN_DOUBT', reason: 'timeout' };
  if (fields === null) return { class: 'ACCEPTED_NO_SID', reason: 'body-unreadable' };
  const { expected, sid } = resourceOf(api, fields);
  if (!expected || ![200, 201, 202].includes(answer.status))
    return { class: 'ACCEPTED_NO_SID', reason: 'no-sid', resource: keptResource(answer) };
  return { class: 'ACCEPTED', reason: 'answered', sid, resource: keptResource(answer) };
}

/** Not a success: the status line alone is certain, the code refines it. */
function refusal(status: number, code: number | null): Verdict {
  if (status === 429) return { class: 'NOT_PROCESSED', reason: 'answered' };
  if (status === 408) return { class: 'IN_DOUBT', reason: 'request-timeout' };
  if (status >= 500 || status < 200) return { class: 'IN_DOUBT', reason: 'server-error' };
  if (status < 400) return { class: 'REJECTED', reason: 'redirect' };
  return { class: isAccountWide(status, code) ? 'ACCOUNT_STOP' : 'REJECTED', reason: 'answered' };
}

/** 403 also refuses single rows (60205: a text to a landline); its codes from 21000 on are about the row. */
function isAccountWide(status: number, code: number | null): boolean {
  if (code !== null && accountCodes.has(code)) return true;
  return status === 401 || (status === 403 && (code === null || code < 21000));
}
