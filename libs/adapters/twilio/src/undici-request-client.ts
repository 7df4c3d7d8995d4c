import type { Observation } from '@paceline/domain/sending';
import type { Dispatcher } from 'undici';
import type { AccountPools } from './account-pools.ts';
import { targetOf } from './base-url.ts';
import { OneExchange, type ExchangeLimits } from './one-exchange.ts';

/** What the SDK hands to its HTTP client. */
export interface SdkRequest {
  readonly method: string;
  readonly uri: string;
  readonly username?: string;
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly data?: string | Readonly<Record<string, unknown>>;
}

/** What the SDK expects back; headers also on errors, and beside it all that was observed. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly observation: Observation;
}

/** No answer arrived; the observation says whether anything was written. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  constructor(readonly observation: Observation) {
    super(`no answer: ${observation.kind}`);
  }
}

const always = (): boolean => true;

/**
 * The SDK's HTTP client over undici: exactly one request per call. No retry, no redirect, no proxy from the
 * environment, no shared `lastResponse`.
 */
export class UndiciRequestClient {
  readonly autoRetry = false;
  #mayStart = always;
  #signedIn: { readonly key: string; readonly header: string } | null = null;

  constructor(
    private readonly base: URL,
    private readonly pools: AccountPools,
    private readonly limits: Omit<ExchangeLimits, 'mayStart'>,
  ) {}

  /** Runs `make`, whose first request (made before it returns) may only start while `mayStart` says so. */
  withStart<T>(mayStart: () => boolean, make: () => T): T {
    this.#mayStart = mayStart;
    try {
      return make();
    } finally {
      this.#mayStart = always;
    }
  }

  /** Used by the SDK. Resolves with any status; rejects with NoAnswer. */
  async request(request: SdkRequest): Promise<SdkResponse> {
    const observation = await this.#exchange(request);
    if (observation.kind !== 'answer') throw new NoAnswer(observation);
    return { statusCode: observation.status, body: observation.body, headers: observation.headers, observation };
  }

  /** Nothing may throw after the request was handed to the pool. */
  #exchange(request: SdkRequest): Promise<Observation> {
    const url = new URL(request.uri);
    const { origin, prefix } = targetOf(this.base, url.hostname);
    const body = bodyOf(request.data);
    const exchange = new OneExchange({ ...this.limits, mayStart: this.#mayStart });
    const options: Dispatcher.DispatchOptions = {
      path: prefix + url.pathname + queryOf(url, request.params),
      method: request.method.toUpperCase(),
      headers: { ...request.headers, ...this.#authorization(request) },
      body,
    };
    this.pools.of(origin).pool.dispatch(options, exchange);
    return exchange.observed;
  }

  #authorization({ username, password }: SdkRequest): Record<string, string> {
    if (username === undefined || password === undefined) return {};
    const key = `${username}:${password}`;
    if (this.#signedIn?.key !== key) this.#signedIn = { key, header: `Basic ${Buffer.from(key).toString('base64')}` };
    return { authorization: this.#signedIn.header };
  }
}

function bodyOf(data: SdkRequest['data']): string | null {
  if (data === undefined) return null;
  return typeof data === 'string' ? data : formOf(data).toString();
}

/** Lists as repeated names, absent values left out. */
function formOf(fields: Readonly<Record<string, unknown>>): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (item !== undefined && item !== null) form.append(name, textOf(item));
    }
  }
  return form;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

function queryOf(url: URL, params: SdkRequest['params']): string {
  const added = params === undefined ? '' : formOf(params).toString();
  if (added === '') return url.search;
  return url.search === '' ? `?${added}` : `${url.search}&${added}`;
}
