import type { Api } from '@paceline/contracts';
import type { CallPlan, CallTwilio, Observation } from '@paceline/domain/sending';
import twilio from 'twilio';
import type { buildConnector } from 'undici';
import { AccountPools } from './account-pools.ts';
import { parseBaseUrl, targetOf } from './base-url.ts';
import { cannedConnector } from './canned-connection.ts';
import { NoAnswer, UndiciRequestClient, type SdkResponse } from './undici-request-client.ts';

export interface TwilioAccount {
  readonly name: string;
  /** AC... */
  readonly sid: string;
  /** API key and its secret, or the account SID and its auth token. */
  readonly username: string;
  readonly password: string;
  readonly baseUrl: string;
  readonly maxInFlight: number;
}

export interface CallTwilioSettings {
  readonly accounts: readonly TwilioAccount[];
  /** Covers connecting, the answer and its body. */
  readonly clientTimeoutMs: number;
  readonly bodyCapBytes?: number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

interface Line {
  readonly sdk: twilio.Twilio;
  readonly transport: UndiciRequestClient;
  readonly base: URL;
  readonly pools: AccountPools;
  readonly connections: number;
}

const longestConnectMs = 10_000;
const defaultBodyCap = 256 * 1024;
const hosts: Readonly<Record<Api, string>> = {
  unknown: 'api.twilio.com',
  messages: 'api.twilio.com',
  calls: 'api.twilio.com',
  verify: 'verify.twilio.com',
  lookup: 'lookups.twilio.com',
  studio: 'studio.twilio.com',
};

/**
 * The calls of all accounts: SDK client per account, our transport below it, connections never shared between
 * accounts. One call makes one request at most; a failure is an observation, never an exception.
 */
export class UndiciCallTwilio implements CallTwilio {
  readonly name = 'twilio';
  readonly #lines: Map<string, Line>;

  constructor(private readonly settings: CallTwilioSettings) {
    this.#lines = new Map(settings.accounts.map((account) => [account.name, openLine(account, settings)]));
  }

  /** Later calls of these accounts sign in anew, over the same connections. An account that was unknown stays so. */
  renew(accounts: readonly TwilioAccount[]): void {
    for (const account of accounts) {
      const line = this.#lines.get(account.name);
      if (line !== undefined) this.#lines.set(account.name, { ...line, sdk: sdkOver(line.transport, account) });
    }
  }

  /** Makes the first calls as quick as the later ones: calls without a network, then connections without a call. */
  async warm(): Promise<void> {
    const line = openLine(dryAccount, this.settings, cannedConnector);
    for (let run = 0; run < dryRuns; run += 1) await callOver(line, dryPlan, () => true);
    await line.pools.close();
    for (const account of this.#lines.keys()) this.prepare(account, 'messages', 1);
  }

  /** The SDK client of an account, for reads; it uses the same connections and never retries. */
  sdkOf(account: string): twilio.Twilio | undefined {
    return this.#lines.get(account)?.sdk;
  }

  /** `mayStart` is asked right before the first byte: false = too late, nothing is written. */
  async call(account: string, plan: CallPlan, mayStart: () => boolean = () => true): Promise<Observation> {
    const line = this.#lines.get(account);
    if (line === undefined) return { kind: 'gate', reason: 'unknown-account' };
    return callOver(line, plan, mayStart);
  }

  prepare(account: string, api: Api, upcoming: number): void {
    const line = this.#lines.get(account);
    if (line === undefined) return;
    const { pool, spares } = line.pools.of(targetOf(line.base, hosts[api]).origin);
    spares.prepare(upcoming, pool.stats.connected, line.connections);
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#lines.values()].map(({ pools }) => pools.close()));
  }
}

/** The form as the SDK passes it on; repeated names become a list. */
function fieldsOf({ form }: CallPlan): Record<string, string[]> {
  const fields: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of form) (fields[name] ??= []).push(value);
  return fields;
}

/** Enough for the compiler to have seen all of a call's path. */
const dryRuns = 300;
const drySid = `AC${'0'.repeat(32)}`;
const dryAccount: TwilioAccount = {
  name: 'dry',
  sid: drySid,
  username: drySid,
  password: 'none',
  baseUrl: 'http://127.0.0.1',
  maxInFlight: 1,
};
const dryPlan: CallPlan = {
  api: 'messages',
  method: 'POST',
  path: `/2010-04-01/Accounts/${drySid}/Messages.json`,
  form: [
    ['To', '+15005550006'],
    ['From', '+15005550006'],
    ['Body', 'nobody receives this'],
  ],
};

function openLine(account: TwilioAccount, settings: CallTwilioSettings, connector?: buildConnector.connector): Line {
  const base = parseBaseUrl(account.baseUrl);
  const connections = Math.max(1, account.maxInFlight);
  const pools = new AccountPools({
    connections,
    connectTimeoutMs: Math.min(longestConnectMs, settings.clientTimeoutMs),
    nowMs: settings.nowMs,
    ...(connector === undefined ? {} : { connector }),
  });
  const transport = new UndiciRequestClient(base, pools, {
    timeoutMs: settings.clientTimeoutMs,
    bodyCapBytes: settings.bodyCapBytes ?? defaultBodyCap,
  });
  return { sdk: sdkOver(transport, account), transport, base, pools, connections };
}

/** Region and edge are set empty, so that no environment variable moves our calls to another host. */
function sdkOver(transport: UndiciRequestClient, account: TwilioAccount): twilio.Twilio {
  type HttpClient = NonNullable<NonNullable<ConstructorParameters<typeof twilio.Twilio>[2]>['httpClient']>;
  // The SDK only ever calls `request`; its class also declares the axios instance that we do without.
  const httpClient = transport as unknown as HttpClient;
  return new twilio.Twilio(account.username, account.password, {
    accountSid: account.sid,
    httpClient,
    autoRetry: false,
    region: '',
    edge: '',
    logLevel: 'none',
  });
}

interface Outgoing {
  readonly method: 'get' | 'post';
  readonly uri: string;
  readonly data?: object;
}

function callOver(line: Line, plan: CallPlan, mayStart: () => boolean): Promise<Observation> {
  const data = plan.method === 'POST' ? fieldsOf(plan) : undefined;
  const uri = `https://${hosts[plan.api]}${plan.path}`;
  return observed(line, { method: plan.method === 'POST' ? 'post' : 'get', uri, ...(data === undefined ? {} : { data }) }, mayStart);
}

async function observed({ sdk, transport }: Line, request: Outgoing, mayStart: () => boolean): Promise<Observation> {
  try {
    const response: unknown = await transport.withStart(mayStart, () => sdk.request(request) as unknown);
    return (response as SdkResponse).observation;
  } catch (error) {
    // Anything but NoAnswer was thrown before the request was handed to the pool.
    return error instanceof NoAnswer ? error.observation : { kind: 'gate', reason: 'unbuildable' };
  }
}
