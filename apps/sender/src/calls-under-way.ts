import type { CallRunner } from './call-runner.ts';
import type { ResponseOutbox } from './response-outbox.ts';
import type { Scheduler } from './sender-ports.ts';

export interface CallsUnderWayOptions {
  readonly runner: CallRunner;
  readonly outbox: ResponseOutbox;
  /** Ends all connections: calls still under way then settle, in doubt. */
  readonly disconnect: () => Promise<void>;
  readonly scheduler: Scheduler;
  readonly graceMs: number;
}

/**
 * The end of the process for claims and calls of every partition, also of those lost before. Nothing waits to fire any
 * more; calls get the grace; what then has no answer is recorded as in doubt, so that no claim ends without a word.
 */
export class CallsUnderWay {
  readonly name = 'calls';

  constructor(private readonly options: CallsUnderWayOptions) {}

  start(): Promise<void> {
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    const { runner, outbox, disconnect, scheduler, graceMs } = this.options;
    runner.standDown();
    let cancel = (): void => undefined;
    const grace = new Promise<void>((resolve) => (cancel = scheduler.after(graceMs, resolve)));
    await Promise.race([runner.answered(), grace]);
    cancel();
    await disconnect();
    await runner.answered();
    await outbox.flush();
  }
}
