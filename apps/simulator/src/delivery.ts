import { type ServerResponse } from 'node:http';
import { type ArmedFault } from './fault-book.ts';
import { codeAnswer, HTML_PAGE, retryAfterHeader, spoiledBody } from './fault-bodies.ts';
import { type FaultAction } from './fault-rules.ts';
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

/** The API is not asked at all when this is true. */
export const comesBefore = (action: FaultAction): boolean =>
  action.type === 'keep-alive-race' || ('when' in action && action.when === 'before');

/** Sends the answer, or what the fault makes of it. The response's close tells when the exchange is over. */
export function deliver(outgoing: Outgoing, fault: ArmedFault | undefined): Delivered {
  if (fault === undefined) return whole(outgoing, JSON.stringify(outgoing.answer.body));
  return spoil(outgoing, fault.action, fault.payload);
}

type Breaking = Exclude<FaultAction, Replacing | { type: 'no-sid' | 'gzip-bomb' }>;
type Replacing = Extract<FaultAction, { type: 'status' | 'code' | 'html' | 'body' }>;

function spoil(outgoing: Outgoing, action: FaultAction, payload: Buffer | undefined): Delivered {
  switch (action.type) {
    case 'status':
    case 'code':
    case 'html':
    case 'body':
      return replaced(outgoing, action);
    case 'no-sid':
      return whole(outgoing, JSON.stringify(withoutSid(outgoing.answer.body)));
    case 'gzip-bomb':
      return whole({ ...outgoing, headers: { ...outgoing.headers, 'Content-Encoding': 'gzip' } }, payload ?? '');
    default:
      return broken(outgoing, action);
  }
}

function broken(outgoing: Outgoing, action: Breaking): Delivered {
  switch (action.type) {
    case 'delay':
      return whole(outgoing, JSON.stringify(outgoing.answer.body));
    case 'hang':
      return hang(outgoing.response, action.forMs);
    case 'reset':
      return reset(outgoing, action.at);
    case 'truncated':
      return truncated(outgoing);
    case 'drip':
      return drip(outgoing, action);
    case 'keep-alive-race':
      return closed(outgoing.response, action.by);
  }
}

const withoutSid = (body: object): object => Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'sid' && name !== 'uri'));

function replaced(outgoing: Outgoing, action: Replacing): Delivered {
  const { status, headers, body } = replacement(outgoing.answer, action);
  return whole({ ...outgoing, answer: { ...outgoing.answer, status }, headers: { ...outgoing.headers, ...headers } }, body);
}

interface Replacement {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

function replacement(answer: Answer, action: Replacing): Replacement {
  switch (action.type) {
    case 'html':
      return { status: action.status, headers: { 'Content-Type': 'text/html' }, body: HTML_PAGE };
    case 'body':
      return { status: answer.status, ...spoiledBody(answer.body, action) };
    case 'code': {
      const { status, body } = codeAnswer(action);
      return { status, headers: retryAfterHeader(action.retryAfter), body: JSON.stringify(body) };
    }
    case 'status': {
      const headers = { ...retryAfterHeader(action.retryAfter), ...action.headers };
      return { status: action.status, headers, body: action.body ?? JSON.stringify(statusBody(action)) };
    }
  }
}

const statusBody = ({ status, code, message }: Extract<FaultAction, { type: 'status' }>): object =>
  errorBody({ code: code ?? null, message: message ?? 'Injected fault', status });

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

/** Nothing is answered: the connection ends orderly, or by a reset. */
function closed({ socket }: ServerResponse, by: 'fin' | 'reset'): Delivered {
  if (by === 'fin') socket?.destroy();
  else socket?.resetAndDestroy();
  return nothing;
}

/** The two stages before an answer are over when an answer is delivered. */
function reset(outgoing: Outgoing, at: Extract<FaultAction, { type: 'reset' }>['at']): Delivered {
  const { response, answer } = outgoing;
  if (at !== 'after-status-line' && at !== 'mid-response') return closed(response, 'reset');
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
