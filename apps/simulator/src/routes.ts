import { type Answer, type ApiCall } from './answers.ts';
import { createCall, fetchCall, listCalls } from './calls.ts';
import { createExecution } from './executions.ts';
import { rfc2822 } from './instants.ts';
import { lookUpNumber } from './lookups.ts';
import { createMessage, fetchMessage, listMessages, updateMessage } from './messages.ts';
import { found } from './answers.ts';
import { startVerification } from './verifications.ts';
import { type World } from './world.ts';

export interface Route {
  readonly pattern: RegExp;
  readonly domain: string;
  /** The first captured part of the path is the account. */
  readonly namesAccount: boolean;
  readonly methods: Readonly<Record<string, (call: ApiCall, world: World) => Answer>>;
}

const classic = { domain: 'api.twilio.com', namesAccount: true };

/** Every path of Twilio's that is served. One base URL stands for all of Twilio's hosts: their paths do not meet. */
export const routes: readonly Route[] = [
  { ...classic, pattern: /^\/2010-04-01\/Accounts\/([^/]+)\/Messages\.json$/, methods: { POST: createMessage, GET: listMessages } },
  { ...classic, pattern: /^\/2010-04-01\/Accounts\/([^/]+)\/Calls\.json$/, methods: { POST: createCall, GET: listCalls } },
  {
    domain: 'verify.twilio.com',
    namesAccount: false,
    pattern: /^\/v2\/Services\/([^/]+)\/Verifications$/,
    methods: { POST: startVerification },
  },
  { domain: 'lookups.twilio.com', namesAccount: false, pattern: /^\/v2\/PhoneNumbers\/([^/]+)$/, methods: { GET: lookUpNumber } },
  { domain: 'studio.twilio.com', namesAccount: false, pattern: /^\/v2\/Flows\/([^/]+)\/Executions$/, methods: { POST: createExecution } },
  {
    ...classic,
    pattern: /^\/2010-04-01\/Accounts\/([^/]+)\/Messages\/([^/]+)\.json$/,
    methods: { GET: fetchMessage, POST: updateMessage },
  },
  { ...classic, pattern: /^\/2010-04-01\/Accounts\/([^/]+)\/Calls\/([^/]+)\.json$/, methods: { GET: fetchCall } },
  { ...classic, pattern: /^\/2010-04-01\/Accounts\/([^/]+)\.json$/, methods: { GET: fetchAccount } },
];

export interface RouteMatch {
  readonly route: Route;
  readonly captures: readonly string[];
}

/** The route of a path and its captured parts, decoded; null for a path Twilio does not have. */
export function matchRoute(path: string): RouteMatch | null {
  for (const route of routes) {
    const match = route.pattern.exec(path);
    if (match !== null) return { route, captures: match.slice(1).map(decoded) };
  }
  return null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function fetchAccount(call: ApiCall): Answer {
  return found({
    sid: call.account,
    friendly_name: 'Simulated account',
    status: 'active',
    type: 'Full',
    owner_account_sid: call.account,
    date_created: rfc2822(0),
    date_updated: rfc2822(0),
    uri: `/2010-04-01/Accounts/${call.account}.json`,
  });
}
