import { type ApiCall, type Answer, type Params } from './answers.ts';
import { ConcurrencyGate } from './concurrency-gate.ts';
import { type Credential, type Credentials, basicAuthOf } from './credentials.ts';
import { comesBefore, deliver } from './delivery.ts';
import { type Exchange, paramsOf } from './exchange.ts';
import { retryAfterHeader } from './fault-bodies.ts';
import { type ArmedFault, type FaultBook } from './fault-book.ts';
import { latencyOf } from './latency.ts';
import { type ArrivalLine } from './ledger-lines.ts';
import { type Ledger } from './ledger.ts';
import { refused, tooLarge } from './refusals.ts';
import { type ReceivedBody } from './request-body.ts';
import { type RouteMatch, matchRoute } from './routes.ts';
import { newSid } from './sids.ts';
import { type World } from './world.ts';

export interface TwilioApiParts extends World {
  readonly ledger: Ledger;
  readonly faults: FaultBook;
  readonly credentials: Credentials;
  /** Draws from [0, 1). */
  readonly uniform: () => number;
}

/** A request on its way to its answer. */
interface Passage {
  readonly exchange: Exchange;
  readonly arrival: ArrivalLine;
  readonly domain: string;
  /** The account whose room it takes; null when it was refused before it took any. */
  readonly seated: string | null;
  readonly concurrent: number;
  readonly answer: Answer;
  readonly fault: ArmedFault | undefined;
}

/**
 * Twilio's API surface. The ledger line comes first, then credentials, path, the concurrency cap, fault rules and the API itself.
 * The API acts when the request arrives and answers after the latency, so that a caller who leaves early has still been served.
 * It never dedupes and never looks at what a caller put into a callback URL.
 */
export class TwilioApi {
  private readonly parts: TwilioApiParts;
  private readonly gate = new ConcurrencyGate();
  private readonly open = new Set<Passage>();

  constructor(parts: TwilioApiParts) {
    this.parts = parts;
  }

  /** Whether a fault ends the request before its body is read: then it has arrived, without parameters. */
  endsAtHead({ request, target, ip }: Exchange): boolean {
    const method = request.method ?? '';
    const pathAccount = accountInPath(matchRoute(target.path));
    const account = this.parts.credentials.accountOf(basicAuthOf(request.headers.authorization), pathAccount);
    const fault = this.parts.faults.takeAtHead({ method, path: target.path, account, atMs: Date.now() });
    if (fault === undefined) return false;
    const arrival = this.parts.ledger.arrived({ account, method, path: target.path, params: {}, ip });
    request.socket.resetAndDestroy();
    this.parts.ledger.ended(arrival, { status: null, code: null, sid: null, fault: fault.action.type });
    return true;
  }

  receive(exchange: Exchange, body: ReceivedBody): void {
    const { request, target } = exchange;
    const params = paramsOf(request, target.query, body.text);
    const credential = basicAuthOf(request.headers.authorization);
    const match = matchRoute(target.path);
    const pathAccount = accountInPath(match);
    const account = this.parts.credentials.accountOf(credential, pathAccount);
    const arrival = this.parts.ledger.arrived({
      account,
      method: request.method ?? '',
      path: target.path,
      params,
      ip: exchange.ip,
    });
    if (body.state === 'cut') return this.parts.ledger.ended(arrival, { status: null, code: null, sid: null });
    const refusal = body.state === 'too-large' ? tooLarge : this.parts.credentials.refusal(credential, pathAccount);
    if (refusal !== null) return this.refuse(exchange, arrival, refusal);
    this.admit({ exchange, arrival, match, account: account ?? nameOf(credential), params });
  }

  /** Ends what is still open when the simulator stops: what was accepted stands, no status was seen. */
  abandon(): void {
    for (const passage of [...this.open]) this.end(passage, null);
  }

  private admit(admission: { exchange: Exchange; arrival: ArrivalLine; match: RouteMatch | null; account: string; params: Params }): void {
    const { exchange, arrival, match, account, params } = admission;
    const handle = match?.route.methods[arrival.method];
    if (match === null) return this.refuse(exchange, arrival, refused(20404, `The requested resource ${arrival.path} was not found`));
    if (handle === undefined) return this.refuse(exchange, arrival, refused(20004));
    const concurrent = this.gate.enter(account, this.parts.settings.capOf(account));
    if (concurrent === null) {
      const headers = retryAfterHeader(this.parts.settings.retryAfterOf(account));
      return this.refuse(exchange, arrival, { ...refused(20429), headers });
    }
    this.parts.ledger.tally.seated(account, concurrent);
    const call: ApiCall = { account, params, captures: match.captures, atMs: Date.now() };
    const fault = this.parts.faults.take({ method: arrival.method, path: arrival.path, call, reused: exchange.reused });
    const answer = fault !== undefined && comesBefore(fault.action) ? unprocessed : handle(call, this.parts);
    const passage = { exchange, arrival, domain: match.route.domain, seated: account, concurrent, answer, fault };
    this.open.add(passage);
    this.answerLater(passage);
  }

  /** Refused at the door: at once, without latency and without taking room. */
  private refuse(exchange: Exchange, arrival: ArrivalLine, answer: Answer): void {
    const concurrent = arrival.account === null ? 0 : this.gate.of(arrival.account);
    const domain = matchRoute(arrival.path)?.route.domain ?? 'api.twilio.com';
    const passage = { exchange, arrival, domain, seated: null, concurrent, answer, fault: undefined };
    this.open.add(passage);
    this.answer(passage);
  }

  private answerLater(passage: Passage): void {
    const extra = passage.fault?.action.type === 'delay' ? passage.fault.action.ms : 0;
    const wait = latencyOf(this.parts.settings.current.latency, this.parts.uniform) + extra;
    if (wait <= 0) this.answer(passage);
    else setTimeout(() => this.answer(passage), Math.round(wait));
  }

  private answer(passage: Passage): void {
    const { response } = passage.exchange;
    if (response.closed || response.destroyed) return this.end(passage, null);
    response.once('close', () => this.end(passage, delivered.partial || response.writableFinished ? delivered.status : null));
    const delivered = deliver({ response, answer: passage.answer, headers: headersOf(passage) }, passage.fault);
  }

  private end(passage: Passage, status: number | null): void {
    if (!this.open.delete(passage)) return;
    const { arrival, seated, answer, fault } = passage;
    if (seated !== null) this.gate.leave(seated);
    this.parts.ledger.ended(arrival, {
      status,
      code: codeOf(passage),
      sid: answer.sid,
      ...(fault === undefined ? {} : { fault: fault.action.type }),
    });
  }
}

/** The code in the answer: a fault that replaces the body replaces the code. */
function codeOf({ answer, fault }: Passage): number | null {
  if (fault?.action.type === 'status' || fault?.action.type === 'code') return fault.action.code ?? null;
  return fault?.action.type === 'html' ? null : answer.code;
}

/** Stands for the answer of a request that a fault kept from its API. */
const unprocessed: Answer = { status: 200, body: {}, code: null, sid: null };

const nameOf = (credential: Credential | null): string => credential?.user ?? 'none';

const accountInPath = (match: RouteMatch | null): string | null =>
  match?.route.namesAccount === true ? (match.captures[0] ?? null) : null;

/** The headers Twilio puts on every answer. */
function headersOf({ exchange, arrival, domain, concurrent, answer }: Passage): Record<string, string> {
  const headers: Record<string, string> = {
    'Content-Type': 'application/json;charset=utf-8',
    'Twilio-Request-Id': newSid('RQ'),
    'Twilio-Concurrent-Requests': String(concurrent),
    'Twilio-Request-Duration': durationOf(arrival),
    'X-Home-Region': 'us1',
    'X-API-Domain': domain,
    ...answer.headers,
  };
  if (answer.status === 401) headers['WWW-Authenticate'] = 'Basic realm="Twilio API"';
  if (answer.status === 413 || !exchange.request.complete) headers['Connection'] = 'close';
  return headers;
}

/** Seconds since the request arrived, to the millisecond. */
const durationOf = (arrival: ArrivalLine): string => Math.max(0, Date.now() / 1000 - arrival.arrivedAtUs / 1e6).toFixed(3);
