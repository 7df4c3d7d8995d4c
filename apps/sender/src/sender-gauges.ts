import { event, metaOf } from '@paceline/contracts';
import type { Clock, FactWriter, OutputRecord } from '@paceline/pipeline';
import type { CallRunner } from './call-runner.ts';
import type { OwnedPartitions } from './owned-partitions.ts';
import type { Scheduler } from './sender-ports.ts';

export interface SenderGaugesOptions {
  readonly accounts: readonly string[];
  readonly owned: OwnedPartitions;
  readonly runner: CallRunner;
  readonly facts: FactWriter;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly sender: string;
}

/** A gauge counts for two seconds: three may be lost before a partition counts as silent. */
const everyMs = 500;

/**
 * Tells the pacer, twice a second, how every owned slots partition stands, traffic or not: absolute values, so that a
 * missed one does no harm. A partition nobody gauges gets no slots.
 */
export class SenderGauges {
  readonly name = 'gauges';
  #cancel: (() => void) | null = null;
  #writing = false;

  constructor(private readonly options: SenderGaugesOptions) {}

  start(): Promise<void> {
    this.#next();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#cancel?.();
    return Promise.resolve();
  }

  #next(): void {
    this.#cancel = this.options.scheduler.after(everyMs, () => {
      this.#next();
      void this.#write();
    });
  }

  /** A gauge that could not be written is not repeated: the next one is newer. */
  async #write(): Promise<void> {
    const records = this.#records();
    if (this.#writing || records.length === 0) return;
    this.#writing = true;
    await this.options.facts.write(records).catch(() => undefined);
    this.#writing = false;
  }

  #records(): readonly OutputRecord[] {
    const { owned, accounts, runner, clock, sender } = this.options;
    const at = clock.wallMicros();
    return owned.entries().flatMap(({ partition, epoch }) =>
      accounts.map((account) => ({
        topic: 'paceline.signals' as const,
        key: account,
        event: event('SenderGauged', {
          meta: metaOf('SenderGauged', { natural: [sender, partition, epoch, account, at], at, correlationId: account }),
          sender,
          partition,
          epoch,
          account,
          inFlight: runner.inFlight(partition, account),
          latencyP90Ms: runner.latencyP90(account),
          latencyMeanMs: runner.latencyMean(account),
        }),
      })),
    );
  }
}
