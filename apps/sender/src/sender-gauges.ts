import { event, metaOf, recordOf } from '@paceline/contracts';
import type { Clock, FactWriter, OutputRecord } from '@paceline/pipeline';
import type { CallRunner } from './call-runner.ts';
import type { OwnedPartitions } from './owned-partitions.ts';
import type { Scheduler } from './sender-ports.ts';

export interface SenderGaugesOptions {
  readonly accounts: readonly string[];
  readonly owned: OwnedPartitions;
  readonly runner: Pick<CallRunner, 'inFlight' | 'latencyP90' | 'latencyMean'>;
  readonly facts: FactWriter;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly sender: string;
}

/** A gauge counts for two seconds: three may be lost before a partition counts as silent. */
const everyMs = 500;

/**
 * Tells the pacer how every owned slots partition stands, traffic or not: absolute values, so that a missed one does no
 * harm. An account with calls is told twice a second, one without once: of the latter only the life sign is news.
 * A partition nobody gauges gets no slots.
 */
export class SenderGauges {
  readonly name = 'gauges';
  #cancel: (() => void) | null = null;
  #writing = false;
  #isTurnOfAll = false;
  #calling: ReadonlySet<string> = new Set();
  #toldOf = '';

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

  /** Who has calls, or had some when last told. */
  #accounts(): readonly string[] {
    const { owned, accounts, runner } = this.options;
    const had = this.#calling;
    this.#calling = new Set(accounts.filter((name) => owned.entries().some(({ partition }) => runner.inFlight(partition, name) > 0)));
    const before = this.#toldOf;
    this.#toldOf = owned
      .entries()
      .map(({ partition, epoch }) => `${partition}:${epoch}`)
      .join();
    this.#isTurnOfAll = !this.#isTurnOfAll || this.#toldOf !== before;
    return this.#isTurnOfAll ? accounts : accounts.filter((name) => this.#calling.has(name) || had.has(name));
  }

  #records(): readonly OutputRecord[] {
    const { owned, runner, clock, sender } = this.options;
    const at = clock.wallMicros();
    const accounts = this.#accounts();
    return owned.entries().flatMap(({ partition, epoch }) =>
      accounts.map((account) =>
        recordOf(
          event('SenderGauged', {
            meta: metaOf('SenderGauged', { natural: [sender, partition, epoch, account, at], at, correlationId: account }),
            sender,
            partition,
            epoch,
            account,
            inFlight: runner.inFlight(partition, account),
            latencyP90Ms: runner.latencyP90(account),
            latencyMeanMs: runner.latencyMean(account),
          }),
        ),
      ),
    );
  }
}
