import type { CallRunner } from './call-runner.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { ResponseOutbox } from './response-outbox.ts';
import type { Scheduler } from './sender-ports.ts';

export interface CallsUnderWayOptions {
  readonly runner: CallRunner;
  readonly outbox: ResponseOutbox;
  /** Ends all connections: calls still under way then settle, in doubt. */
  readonly disconnect: () => Promise<void>;
  readonly scheduler: Scheduler;
  readonly graceMs: number;
  readonly checkpoint: Checkpoint;
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
    const { runner, outbox, disconnect, scheduler, graceMs, checkpoint } = this.options;
    runner.standDown();
    let cancel = (): void => undefined;
    const grace = new Promise<void>((resolve) => (cancel = scheduler.after(graceMs, resolve)));
    checkpoint('end:before-answers');
    await Promise.race([runner.answered(), grace]);
    cancel();
    checkpoint('end:before-disconnect');
    await disconnect();
    checkpoint('end:before-late-answers');
    await runner.answered();
    checkpoint('end:before-flush');
    await outbox.flush();
  }
}
