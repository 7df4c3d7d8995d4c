import type { FactWriter, OutputRecord } from '@paceline/pipeline';
import type { Checkpoint } from './checkpoint.ts';
import type { Scheduler, SenderLogger } from './sender-ports.ts';

export interface OutboxOptions {
  readonly facts: FactWriter;
  readonly scheduler: Scheduler;
  readonly checkpoint: Checkpoint;
  readonly logger: SenderLogger;
  /** Longest a record waits for company. */
  readonly lingerMs: number;
}

const mostPerWrite = 500;
const retryPauseMs = 250;

/**
 * Responses on their way to the log: batched, one write at a time, tried until the brokers have them. Facts are never
 * fenced and never dropped; a repeat has the same event id.
 */
export class ResponseOutbox {
  readonly #waiting: OutputRecord[] = [];
  #cancelLinger: (() => void) | null = null;
  #writing: Promise<void> | null = null;

  constructor(private readonly options: OutboxOptions) {}

  add(record: OutputRecord): void {
    this.#waiting.push(record);
    if (this.#writing !== null || this.#cancelLinger !== null) return;
    this.#cancelLinger = this.options.scheduler.after(this.options.lingerMs, () => void this.flush());
  }

  /** Resolves when all that was added so far is acknowledged. */
  async flush(): Promise<void> {
    this.#cancelLinger?.();
    this.#cancelLinger = null;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null;
      if (this.#waiting.length > 0) void this.flush();
    });
    this.options.checkpoint('close:before-flush');
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const records = this.#waiting.splice(0, mostPerWrite);
      this.options.checkpoint('close:before-write');
      await this.#writeUntilDone(records);
      this.options.checkpoint('close:after-write');
    }
  }

  async #writeUntilDone(records: readonly OutputRecord[]): Promise<void> {
    for (;;) {
      try {
        this.options.checkpoint('close:before-send');
        await this.options.facts.write(records);
        return;
      } catch (error) {
        this.options.logger.error({ error: (error as Error).message, records: records.length }, 'responses not written; trying again');
        this.options.checkpoint('close:before-retry');
        await new Promise<void>((resolve) => void this.options.scheduler.after(retryPauseMs, resolve));
      }
    }
  }
}
