import { type ServerResponse } from 'node:http';
import { type ArmedFault } from './fault-book.ts';
import { type FaultAction, type RetryAfter } from './fault-rules.ts';
import { type Answer } from './answers.ts';
import { errorBody } from './refusals.ts';

// From an answer to bytes on the wire, whole or spoiled by a fault.

export interface Outgoing {
  readonly response: ServerResponse;
  readonly answer: Answer;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a delivery put on the wire: `partial` when it was never meant to arrive whole. */
export interface Delivered {
  readonly status: number | null;
  readonly partial: boolean;
}

/** Bytes written just before a reset need a moment to leave, or the reset overtakes them. */
const RESET_AFTER_MS = 20;
const nothing: Delivered = { status: null, partial: true };
const HTML = '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>\n';

/** The API is not asked at all when this is true. */
export const comesBefore = (action: FaultAction): boolean => 'when' in action && action.when === 'before';

/** Sends the answer, or what the fault makes of it. The response's close tells when the exchange is over. */
export function deliver(outgoing: Outgoing, fault: ArmedFault | undefined): Delivered {
  if (fault === undefined) return whole(outgoing, JSON.stringify(outgoing.answer.body));
  return spoil(outgoing, fault.action, fault.payload);
}

type Breaking = Extract<FaultAction, { type: 'hang' | 'reset' | 'truncated' | 'drip' }>;

function spoil(outgoing: Outgoing, action: FaultAction, payload: Buffer | undefined): Delivered {
  switch (action.type) {
    case 'status':
    case 'html':
      return replaced(outgoing, action);
    case 'no-sid':
      return whole(outgoing, JSON.stringify(withoutSid(outgoing.answer.body)));
    case 'gzip-bomb':
      return whole({ ...outgoing, headers: { ...outgoing.headers, 'Content-Encoding': 'gzip' } }, payload ?? '');
    case 'delay':
      return whole(outgoing, JSON.stringify(outgoing.answer.body));
    default:
      return broken(outgoing, action);
  }
}

function broken(outgoing: Outgoing, action: Breaking): Delivered {
  switch (action.type) {
    case 'hang':
      return hang(outgoing.response, action.forMs);
    case 'reset':
      return reset(outgoing, action.at);
    case 'truncated':
      return truncated(outgoing);
    case 'drip':
      return drip(outgoing, action);
  }
}

const withoutSid = (body: object): object => Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'sid' && name !== 'uri'));

function replaced(outgoing: Outgoing, action: Extract<FaultAction, { type: 'status' | 'html' }>): Delivered {
  const answer = { ...outgoing.answer, status: action.status };
  if (action.type === 'html') return whole({ ...outgoing, answer, headers: { ...outgoing.headers, 'Content-Type': 'text/html' } }, HTML);
  const body = action.body ?? JSON.stringify(statusBody(action));
  const retry = action.retryAfter === undefined ? {} : { 'Retry-After': retryAfterText(action.retryAfter, Date.now()) };
  return whole({ ...outgoing, answer, headers: { ...outgoing.headers, ...retry, ...action.headers } }, body);
}

const statusBody = ({ status, code, message }: Extract<FaultAction, { type: 'status' }>): object =>
  errorBody({ code: code ?? null, message: message ?? 'Injected fault', status });

export function retryAfterText({ form, seconds }: RetryAfter, nowMs: number): string {
  if (form === 'http-date') return new Date(nowMs + seconds * 1000).toUTCString();
  if (form === 'garbage') return 'soon';
  return form === 'fraction' ? (seconds + 0.5).toFixed(1) : String(Math.round(seconds));
}

function whole({ response, answer, headers }: Outgoing, body: string | Buffer): Delivered {
  response.writeHead(answer.status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
  return { status: answer.status, partial: false };
}

function hang(response: ServerResponse, forMs: number | undefined): Delivered {
  if (forMs === undefined) return nothing;
  const timer = setTimeout(() => response.socket?.resetAndDestroy(), forMs);
  response.once('close', () => clearTimeout(timer));
  return nothing;
}

function reset(outgoing: Outgoing, at: 'before-response' | 'after-status-line' | 'mid-response'): Delivered {
  const { response, answer } = outgoing;
  if (at === 'before-response') {
    response.socket?.resetAndDestroy();
    return nothing;
  }
  if (at === 'after-status-line') response.socket?.write(`HTTP/1.1 ${answer.status} OK\r\n`);
  else writeHalf(outgoing);
  setTimeout(() => response.socket?.resetAndDestroy(), RESET_AFTER_MS);
  return { status: answer.status, partial: true };
}

/** The whole length announced, half the body sent, then an orderly close. */
function truncated(outgoing: Outgoing): Delivered {
  writeHalf(outgoing);
  setTimeout(() => outgoing.response.socket?.destroy(), RESET_AFTER_MS);
  return { status: outgoing.answer.status, partial: true };
}

function writeHalf({ response, answer, headers }: Outgoing): void {
  const body = Buffer.from(JSON.stringify(answer.body));
  response.writeHead(answer.status, { ...headers, 'Content-Length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)));
}

function drip({ response, answer, headers }: Outgoing, { bytes, everyMs }: { bytes: number; everyMs: number }): Delivered {
  const body = Buffer.from(JSON.stringify(answer.body));
  response.writeHead(answer.status, { ...headers, 'Content-Length': body.length });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + bytes));
    sent += bytes;
    if (sent >= body.length) response.end();
  }, everyMs);
  response.once('close', () => clearInterval(timer));
  return { status: answer.status, partial: false };
}
