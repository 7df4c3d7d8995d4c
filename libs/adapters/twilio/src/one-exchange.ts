import type { IncomingHttpHeaders } from 'node:http';
import type { BodyState, Observation } from '@paceline/domain/sending';
import type { Dispatcher } from 'undici';
import { bodyText } from './body-text.ts';
import { networkStageOf } from './network-stage.ts';
import { countHead, WrittenBytes } from './written-bytes.ts';

export interface ExchangeLimits {
  /** From dispatch to the last byte of the body. */
  readonly timeoutMs: number;
  readonly bodyCapBytes: number;
  /** Asked right before the first byte; false = it would come too late. */
  readonly mayStart: () => boolean;
}

class Stopped extends Error {
  override readonly name = 'Stopped';
}

/**
 * One request and what became of it. Settles once, always. Until undici announces the start not a byte was written
 * (NOT_SENT is safe); from then on every failure counts as written. A request never starts twice and never starts
 * after it was given up.
 */
export class OneExchange implements Dispatcher.DispatchHandler {
  readonly observed: Promise<Observation>;
  readonly #settle: (observation: Observation) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #written = new WrittenBytes();
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #status = 0;
  #headers: Record<string, string> = {};
  #size = 0;
  #settled = false;

  constructor(private readonly limits: ExchangeLimits) {
    const { promise, resolve } = Promise.withResolvers<Observation>();
    this.observed = promise;
    this.#settle = resolve;
    this.#timer = setTimeout(() => this.#timedOut(), limits.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#controller !== null || this.#settled) {
      controller.abort(new Stopped('started before, or given up'));
      return;
    }
    if (!this.limits.mayStart()) {
      this.#finish({ kind: 'gate', reason: 'deadline-passed' });
      controller.abort(new Stopped('too late'));
      return;
    }
    this.#controller = controller;
    countHead(this.#written);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = flatHeaders(headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return;
    this.#size += chunk.length;
    if (this.#size > this.limits.bodyCapBytes) this.#giveUp('over-cap');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    clearTimeout(this.#timer);
    this.#settled = true;
    void bodyText(Buffer.concat(this.#chunks), this.#headers['content-encoding'], this.limits.bodyCapBytes).then(({ text, state }) =>
      this.#settle(this.#answer(text, state)),
    );
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#controller === null) this.#finish({ kind: 'network', stage: networkStageOf(error) });
    else if (this.#status !== 0) this.#finish(this.#answer(this.#partialText(), 'cut'));
    else this.#lost('reset');
  }

  #timedOut(): void {
    if (this.#controller === null) this.#finish({ kind: 'network', stage: 'connect-timeout' });
    else if (this.#status !== 0) this.#giveUp('timed-out');
    else this.#lost('timeout');
    this.#controller?.abort(new Stopped('timeout'));
  }

  #giveUp(state: BodyState): void {
    this.#finish(this.#answer(this.#partialText(), state));
    this.#controller?.abort(new Stopped(state));
  }

  #lost(how: 'timeout' | 'reset'): void {
    this.#finish({ kind: 'lost', how, bytesWritten: this.#written.count() });
  }

  #answer(body: string, bodyState: BodyState): Observation {
    return { kind: 'answer', status: this.#status, headers: this.#headers, body, bodyState, bytesWritten: this.#written.count() };
  }

  #partialText(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  #finish(observation: Observation): void {
    clearTimeout(this.#timer);
    if (this.#settled) return;
    this.#settled = true;
    this.#settle(observation);
  }
}

function flatHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) flat[name.toLowerCase()] = last;
  }
  return flat;
}
