import { webhookBody, type AlertMessage } from '@paceline/domain/alerting';
import type { WebhookSettings } from '@paceline/runtime';
import { Agent, request } from 'undici';
import type { PostResult } from './alert-metrics.ts';

export interface AlertWebhooksOptions {
  readonly webhooks: readonly WebhookSettings[];
  readonly metrics: { posted(result: PostResult): void };
  readonly logger: { warn(fields: object, message: string): void };
  /** Resolves after so long, or early when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
  readonly timeoutMs?: number;
  /** Waits between the tries. */
  readonly backoffMs?: readonly number[];
}

/** `stopped` = the process stopped first: whoever goes on has to tell it again. */
export type Told = 'told' | 'stopped';

const mostWaiting = 50;
const mostAnswerBytes = 65_536;

/**
 * Posts messages of alerts. One after the other for each webhook, a few tries each, then it is given up, logged and counted:
 * a dead webhook holds up neither another one nor the partition. The URL and the headers are never logged.
 */
export class AlertWebhooks {
  readonly name = 'alert webhooks';
  readonly #agent: Agent;
  readonly #stopping = new AbortController();
  readonly #lines: { last: Promise<Told>; waiting: number }[];

  constructor(private readonly options: AlertWebhooksOptions) {
    // Webhooks of one host must not wait for each other.
    this.#agent = new Agent({ connections: Math.max(1, options.webhooks.length), pipelining: 1 });
    this.#lines = options.webhooks.map(() => ({ last: Promise.resolve('told'), waiting: 0 }));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#agent.destroy();
  }

  /** Tells those that do not have it yet; `reached` names each that has it, or was given up. Never rejects. */
  async tell(message: AlertMessage, reached: (webhook: number) => void): Promise<Told> {
    const all = this.options.webhooks.map(async (webhook, index) => {
      if (message.reached.includes(index)) return 'told';
      const told = await this.#inLine(webhook, index, message);
      if (told === 'told') reached(index);
      return told;
    });
    return (await Promise.all(all)).includes('stopped') ? 'stopped' : 'told';
  }

  #inLine(webhook: WebhookSettings, index: number, message: AlertMessage): Promise<Told> {
    const line = this.#lines[index];
    if (line === undefined) return Promise.resolve('told');
    if (line.waiting >= mostWaiting) return Promise.resolve(this.#ended('dropped', index, 'too many wait'));
    line.waiting += 1;
    line.last = line.last.then(() => this.#post(webhook, index, message)).finally(() => (line.waiting -= 1));
    return line.last;
  }

  async #post(webhook: WebhookSettings, index: number, message: AlertMessage): Promise<Told> {
    const waits = this.options.backoffMs ?? [1_000, 4_000, 15_000];
    for (let attempt = 0; ; attempt += 1) {
      if (this.#stopping.signal.aborted) return 'stopped';
      const failure = await this.#try(webhook, message);
      if (failure === null) return this.#ended('delivered', index);
      const wait = waits[attempt];
      if (wait === undefined || !failure.mayPass)
        return this.#stopping.signal.aborted ? 'stopped' : this.#ended('failed', index, failure.why);
      await this.options.pause(wait, this.#stopping.signal);
    }
  }

  /** Null when it was taken. */
  async #try({ url, shape, headers }: WebhookSettings, message: AlertMessage): Promise<Failure | null> {
    try {
      const { statusCode, body } = await request(url.reveal(), {
        method: 'POST',
        dispatcher: this.#agent,
        headers: { ...revealed(headers), 'content-type': 'application/json' },
        body: JSON.stringify(webhookBody(message, shape)),
        signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(this.options.timeoutMs ?? 5_000)]),
      });
      await body.dump({ limit: mostAnswerBytes });
      return statusCode >= 200 && statusCode < 300 ? null : { why: String(statusCode), mayPass: isPassing(statusCode) };
    } catch (error) {
      return { why: nameOf(error), mayPass: true };
    }
  }

  #ended(result: PostResult, index: number, why?: string): Told {
    this.options.metrics.posted(result);
    if (result !== 'delivered') this.options.logger.warn({ number: index + 1, why }, `message of an alert ${result}`);
    return 'told';
  }
}

interface Failure {
  readonly why: string;
  /** Whether another try may end otherwise. */
  readonly mayPass: boolean;
}

const isPassing = (status: number): boolean => status >= 500 || status === 429 || status === 408;

const revealed = (headers: WebhookSettings['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()]));

/** Messages of the client name hosts and paths: only its code is told. */
const nameOf = (error: unknown): string => {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : 'error';
};
