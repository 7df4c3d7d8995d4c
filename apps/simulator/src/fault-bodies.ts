import { type FaultAction, type RetryAfter } from './fault-rules.ts';
import { errorBody, refusalOf } from './refusals.ts';

// What a fault puts in the place of an answer's body and headers.

export interface SpoiledBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export const HTML_PAGE = '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>\n';

type BodyAction = Extract<FaultAction, { type: 'body' }>;

/** A resource of a kind that no API here creates. */
const OTHER_SID = `XX${'0'.repeat(32)}`;

const forms: Readonly<Record<BodyAction['form'], (body: object, action: BodyAction) => SpoiledBody>> = {
  empty: () => ({ headers: {}, body: '' }),
  html: () => ({ headers: { 'Content-Type': 'text/html' }, body: HTML_PAGE }),
  'cut-json': (body) => ({ headers: {}, body: halfOf(JSON.stringify(body)) }),
  list: (body) => ({ headers: {}, body: JSON.stringify([body]) }),
  'other-sid': (body) => ({ headers: {}, body: JSON.stringify({ ...body, sid: OTHER_SID, phone_number: 1, valid: 'yes' }) }),
  huge: (_body, { megabytes }) => ({ headers: {}, body: Buffer.alloc(megabytes * 1024 * 1024, 0x20) }),
  'bad-gzip': (body) => ({ headers: { 'Content-Encoding': 'gzip' }, body: JSON.stringify(body) }),
  'unknown-encoding': (body) => ({ headers: { 'Content-Encoding': 'rot13' }, body: JSON.stringify(body) }),
};

export const halfOf = (text: string): string => text.slice(0, Math.floor(text.length / 2));

/** The body of a 2xx whose status is right and whose content is not. */
export const spoiledBody = (body: object, action: BodyAction): SpoiledBody => forms[action.form](body, action);

type CodeAction = Extract<FaultAction, { type: 'code' }>;

const errorForms: Readonly<Record<CodeAction['form'], (error: { code: number; message: string; status: number }) => object>> = {
  classic: errorBody,
  problem: ({ code, message, status }) => ({ type: `https://www.twilio.com/docs/errors/${code}`, title: message, status, code }),
  list: ({ code, message }) => ({ errors: [{ code, message }] }),
};

/** Twilio's status and error body of a code. The rule was refused when no answer is known for it. */
export function codeAnswer({ code, form }: CodeAction): { readonly status: number; readonly body: object } {
  const { status, message } = refusalOf(code) ?? { status: 400, message: 'Injected fault' };
  return { status, body: errorForms[form]({ code, message, status }) };
}

const dateText = (ms: number): string => new Date(ms).toUTCString();

const retryForms: Readonly<Record<RetryAfter['form'], (seconds: number, nowMs: number) => string>> = {
  seconds: (seconds) => String(Math.round(seconds)),
  fraction: (seconds) => (seconds + 0.5).toFixed(1),
  'http-date': (seconds, nowMs) => dateText(nowMs + seconds * 1000),
  'past-date': (seconds, nowMs) => dateText(nowMs - seconds * 1000),
  negative: (seconds) => `-${Math.max(1, Math.round(seconds))}`,
  huge: () => '99999999999999999999',
  empty: () => '',
  garbage: () => 'soon',
};

export const retryAfterText = ({ form, seconds }: RetryAfter, nowMs: number): string => retryForms[form](seconds, nowMs);

export const retryAfterHeader = (retryAfter: RetryAfter | undefined): Readonly<Record<string, string>> =>
  retryAfter === undefined ? {} : { 'Retry-After': retryAfterText(retryAfter, Date.now()) };
