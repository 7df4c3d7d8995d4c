import { type IncomingMessage, type ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import { type Params } from './answers.ts';

/** One request as it came: its target split, its parameters decoded. */
export interface Target {
  readonly path: string;
  readonly query: string;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: Target;
  /** Taken at once: a socket that has closed no longer knows its peer. */
  readonly ip: string;
  /** Its connection carried a request before this one. */
  readonly reused: boolean;
}

export function targetOf(url: string): Target {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
}

/** The form's parameters, or the query's of a request without a form. A body of another type has none, as at Twilio. */
export function paramsOf(request: IncomingMessage, query: string, body: string): Params {
  if (body === '') return query === '' ? {} : parse(query);
  const type = request.headers['content-type'] ?? '';
  const form = type.startsWith('application/x-www-form-urlencoded') ? parse(body) : {};
  return query === '' ? form : { ...parse(query), ...form };
}
