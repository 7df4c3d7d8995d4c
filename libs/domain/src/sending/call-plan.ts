import type { Api, Param, Request } from '@paceline/contracts';
import type { Observation } from './observation.ts';

/** One call, ready for the wire. Its path may hold a phone number: it is never logged. */
export interface CallPlan {
  readonly api: Api;
  readonly method: 'GET' | 'POST';
  /** Path and query. */
  readonly path: string;
  /** Form fields in order, repeated names for lists; empty for a GET. */
  readonly form: readonly (readonly [name: string, value: string])[];
}

export interface Unbuildable {
  readonly unbuildable: string;
}

/** Whoever can make one call of one account: exactly one request, no retry, no redirect; it always resolves. */
export interface CallTwilio {
  /** `mayStart` is asked right before the first byte: when it says no, nothing is written. */
  call(account: string, plan: CallPlan, mayStart: () => boolean): Promise<Observation>;
  /** This many calls of this account are near, the next by this API: have connections ready. Makes no request. */
  prepare(account: string, api: Api, upcoming: number): void;
}

export interface CallSettings {
  readonly accountSid: string;
  /** Base of our callback receiver; null when there is none, then the row's own StatusCallback stays. */
  readonly callbacksUrl: string | null;
}

type Build = (request: Request, attemptId: string, settings: CallSettings) => CallPlan | Unbuildable;

/** The span's name: method and collection, never a path with a number in it. */
export const callNames: Readonly<Record<Api, string>> = {
  unknown: 'none',
  messages: 'POST /Messages',
  calls: 'POST /Calls',
  verify: 'POST /Verifications',
  lookup: 'GET /PhoneNumbers',
  studio: 'POST /Executions',
};

const builders: Readonly<Record<Api, Build>> = {
  unknown: () => ({ unbuildable: 'unknown API' }),
  messages: (request, attemptId, settings) => accountCall('Messages', request, { attemptId, settings }),
  calls: (request, attemptId, settings) => accountCall('Calls', request, { attemptId, settings }),
  verify: (request) => serviceCall(request, { names: ['ServiceSid', 'VerifyServiceSid'], path: verifyPath }),
  studio: (request) => serviceCall(request, { names: ['FlowSid'], path: studioPath }),
  lookup: (request) => lookupCall(request),
};

/** The call a request stands for. Every message and voice call carries our token when callbacks are on. */
export function planCall(request: Request, attemptId: string, settings: CallSettings): CallPlan | Unbuildable {
  return builders[request.api](request, attemptId, settings);
}

const verifyPath = (sid: string): string => `/v2/Services/${sid}/Verifications`;
const studioPath = (sid: string): string => `/v2/Flows/${sid}/Executions`;

interface TokenContext {
  readonly attemptId: string;
  readonly settings: CallSettings;
}

function accountCall(collection: 'Messages' | 'Calls', request: Request, context: TokenContext): CallPlan {
  const token = callbackFields(collection, request.personal.params, context);
  const forced = new Set(token.map(([name]) => name));
  const own = request.personal.params.filter(({ name }) => name !== 'To' && !forced.has(name));
  return {
    api: request.api,
    method: 'POST',
    path: `/2010-04-01/Accounts/${encodeURIComponent(context.settings.accountSid)}/${collection}.json`,
    form: [['To', request.personal.to], ...own.map(pair), ...token],
  };
}

const pair = ({ name, value }: Param): readonly [string, string] => [name, value];

/** Our StatusCallback replaces the row's; voice calls also ask for the earliest event, which proves acceptance. */
function callbackFields(collection: 'Messages' | 'Calls', params: readonly Param[], context: TokenContext): (readonly [string, string])[] {
  const base = context.settings.callbacksUrl;
  if (base === null) return [];
  const url = `${base.replace(/\/+$/, '')}/twilio/status?a=${encodeURIComponent(context.attemptId)}`;
  if (collection === 'Messages') return [['StatusCallback', url]];
  const asked = params.filter(({ name }) => name === 'StatusCallbackEvent').map(({ value }) => value);
  const events = new Set(['initiated', ...(asked.length > 0 ? asked : ['completed'])]);
  return [
    ['StatusCallback', url],
    ['StatusCallbackMethod', 'POST'],
    ...[...events].map((value): [string, string] => ['StatusCallbackEvent', value]),
  ];
}

/** What may stand in a path as it is; whether it exists is Twilio's verdict. */
const safeSegment = /^\w{1,64}$/;

interface ServiceRule {
  readonly names: readonly string[];
  readonly path: (sid: string) => string;
}

/** The service or flow is a parameter of the row that goes into the path. */
function serviceCall(request: Request, rule: ServiceRule): CallPlan | Unbuildable {
  const { to, params } = request.personal;
  const sid = params.find(({ name }) => rule.names.includes(name))?.value;
  if (sid === undefined || !safeSegment.test(sid)) return { unbuildable: `${rule.names[0]} is missing or malformed` };
  const rest = params.filter(({ name }) => name !== 'To' && !rule.names.includes(name));
  return { api: request.api, method: 'POST', path: rule.path(sid), form: [['To', to], ...rest.map(pair)] };
}

function lookupCall(request: Request): CallPlan | Unbuildable {
  const { to, params } = request.personal;
  if (to === '' || to === '.' || to === '..') return { unbuildable: 'To is missing' };
  const query = params
    .filter(({ name }) => name !== 'To')
    .map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const path = `/v2/PhoneNumbers/${encodeURIComponent(to)}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  return { api: request.api, method: 'GET', path, form: [] };
}
