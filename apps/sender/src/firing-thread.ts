import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { TwilioAccount } from '@paceline/adapter-twilio';
import type { Clock } from '@paceline/pipeline';
import type { FiringWorkerData, FromFiringThread, ToFiringThread } from './firing-worker.ts';
import type { Firing, FiringListener, HandedClaim } from './firing.ts';
import { anchorOf } from './thread-clock.ts';

export interface FiringThreadOptions extends Omit<FiringWorkerData, 'clock'> {
  readonly clock: Clock;
  /** Node's options for the thread; the process's own when absent. */
  readonly execArgv?: readonly string[];
}

/** Beside this file, transpiled like it. */
const entry = new URL(import.meta.url.endsWith('.ts') ? './firing-worker.ts' : './firing-worker.js', import.meta.url);

/**
 * Megabytes of V8's young generation: its default, where the main thread of thousands of calls under way must be given
 * less. A flag on the command line holds for threads too, before `resourceLimits`; V8 reads it when a heap is made
 * (docs/explanation/tuning.md).
 */
const semiSpaceOfThread = 16;

/**
 * Firing in a thread of its own, which nothing that the main thread does can hold up: decoding, garbage, Kafka. It is
 * not started again when it dies: what it knew of calls under way is gone, and a new process begins with a clean slate.
 */
export class FiringThread implements Firing {
  readonly name = 'firing thread';
  #worker: Worker | null = null;
  #listener: FiringListener | null = null;
  #disconnected: (() => void) | null = null;
  #state: 'idle' | 'running' | 'stopping' | 'dead' = 'idle';

  constructor(private readonly options: FiringThreadOptions) {}

  listen(listener: FiringListener): void {
    this.#listener = listener;
  }

  /** Resolves when the thread can take claims. */
  start(): Promise<void> {
    const { clock, execArgv, ...data } = this.options;
    const workerData: FiringWorkerData = { ...data, clock: anchorOf(clock) };
    setFlagsFromString(`--max-semi-space-size=${semiSpaceOfThread}`);
    const worker = new Worker(entry, { workerData, name: 'firing', ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }) });
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      let error = new Error('the firing thread ended');
      worker.on('error', (cause: unknown) => (error = new Error('the firing thread failed', { cause })));
      worker.on('exit', () => {
        reject(error);
        this.#exited(error);
      });
      worker.on('message', (message: FromFiringThread) => {
        if (message.kind !== 'ready') return this.#told(message);
        this.#state = 'running';
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    this.#state = 'stopping';
    await this.#worker?.terminate();
  }

  alive(): true | string {
    return this.#state === 'dead' ? 'the firing thread is dead' : true;
  }

  hand(claims: readonly HandedClaim[]): void {
    this.#tell({ kind: 'hand', claims });
  }

  /** Later calls sign in with these; calls under way end as they began. */
  renew(accounts: readonly TwilioAccount[]): void {
    this.#tell({ kind: 'renew', accounts });
  }

  disconnect(): Promise<void> {
    if (this.#state !== 'running') return Promise.resolve();
    return new Promise((resolve) => {
      this.#disconnected = resolve;
      this.#tell({ kind: 'disconnect' });
    });
  }

  #tell(message: ToFiringThread): void {
    this.#worker?.postMessage(message);
  }

  #told(message: FromFiringThread): void {
    if (message.kind === 'reports') this.#listener?.reported(message.reports);
    else if (message.kind === 'disconnected') this.#disconnected?.();
  }

  #exited(error: Error): void {
    const wasRunning = this.#state === 'running';
    if (this.#state !== 'stopping') this.#state = 'dead';
    this.#disconnected?.();
    if (wasRunning) this.#listener?.died(error);
  }
}
