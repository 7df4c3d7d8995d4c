import { duePrefix, nextDisposalAt, type DisposalRules } from '@paceline/domain/sending';
import type { Clock, Opening, PartitionTask, RecordBatch } from '@paceline/pipeline';
import type { CallRunner } from './call-runner.ts';
import type { Claim } from './claim.ts';
import type { ClaimLead } from './claim-lead.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { ResponseOutbox } from './response-outbox.ts';
import type { Scheduler, SenderLogger, SenderMetrics } from './sender-ports.ts';
import { queuedSlot, type Disposed, type QueuedSlot, type SlotDisposal } from './slot-disposal.ts';

export interface SlotTaskOptions {
  readonly rules: DisposalRules;
  /** In place of the rules' own lead. */
  readonly lead: Pick<ClaimLead, 'ms' | 'committed'>;
  /** Slots held in memory before delivery pauses. */
  readonly queueBound: number;
  /** How long a shutdown waits for calls under way. */
  readonly graceMs: number;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly disposal: SlotDisposal;
  readonly runner: CallRunner;
  readonly outbox: ResponseOutbox;
  readonly metrics: SenderMetrics;
  readonly logger: SenderLogger;
  readonly checkpoint: Checkpoint;
  /** The opening gives the partition up; called once. */
  readonly onEnd: () => void;
}

const topic = 'paceline.slots';

/**
 * One opening of a slots partition: queue, claim, hand over. Nothing is called before its claim is committed, and of a
 * commit whose end is unknown nothing is called at all. What was claimed outlives this task.
 */
export class SlotTask implements PartitionTask {
  #queue: QueuedSlot[] = [];
  #state: 'open' | 'closing' | 'over' = 'open';
  #cancelWake: (() => void) | null = null;
  #committing: Promise<void> | null = null;
  #roomWanted: (() => void) | null = null;

  constructor(
    private readonly opening: Opening,
    private readonly options: SlotTaskOptions,
  ) {
    opening.ended.addEventListener('abort', () => this.#end(), { once: true });
  }

  async handle({ records, nextOffset }: RecordBatch): Promise<void> {
    if (this.#state !== 'open') return;
    records.forEach((record, at) => this.#queue.push(queuedSlot(record, at + 1 < records.length ? record.offset + 1 : nextOffset)));
    this.#arm();
    if (this.#queue.length < this.options.queueBound) return;
    this.options.checkpoint('slots:before-room');
    await new Promise<void>((resolve) => (this.#roomWanted = resolve));
  }

  async close(graceful: boolean): Promise<void> {
    const { runner, outbox, checkpoint } = this.options;
    if (!graceful) return this.#end();
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#cancelWake?.();
    runner.standDown(this.opening.partition);
    checkpoint('stop:before-last-commit');
    await this.#committing;
    checkpoint('stop:before-send-back');
    await this.#sendQueueBack();
    this.#end();
    const told = runner.answered(this.opening.partition).then(() => outbox.flush());
    checkpoint('stop:before-grace');
    await this.#withinGrace(told);
  }

  /** Aims at the instant the next prefix is due. One disposal at a time: offsets are committed in order. */
  #arm(): void {
    if (this.#state !== 'open' || this.#committing !== null) return;
    this.#cancelWake?.();
    this.#cancelWake = null;
    const nowMicros = this.options.clock.wallMicros();
    const next = nextDisposalAt(this.#queue, nowMicros, this.#rules());
    if (next === null) return;
    if (next > nowMicros) {
      this.#cancelWake = this.options.scheduler.after(Math.max(1, Math.ceil((next - nowMicros) / 1000)), () => this.#arm());
      return;
    }
    this.#committing = this.#disposeDue().finally(() => {
      this.#committing = null;
      this.#arm();
    });
  }

  async #disposeDue(): Promise<void> {
    const count = duePrefix(this.#queue, this.options.clock.wallMicros(), this.#rules());
    const now = this.#now();
    const disposed = this.#queue.slice(0, count).map((queued) => this.options.disposal.dispose(queued, now));
    this.options.checkpoint('claim:decided');
    const claims = await this.#commit(disposed, count);
    this.options.checkpoint('claim:before-hand');
    this.#hand(claims);
  }

  #hand(claims: readonly Claim[]): void {
    if (this.#state !== 'closing') return this.options.runner.accept(claims);
    for (const claim of claims) this.options.runner.decline(claim, 'shutdown');
  }

  /** Resolves with the claims that now hold: none of a transaction that failed or whose end is unknown. */
  async #commit(disposed: readonly Disposed[], count: number): Promise<readonly Claim[]> {
    const next = this.#queue[count - 1]?.next;
    if (next === undefined) return [];
    const claims = disposed.flatMap(({ claim }) => claim ?? []);
    try {
      const startedMs = this.options.clock.monotonicMs();
      this.options.checkpoint('claim:before-commit');
      await this.opening.commit({ outputs: disposed.flatMap(({ outputs }) => outputs), offsets: [{ topic, offset: next }] });
      this.options.checkpoint('claim:after-commit');
      this.options.lead.committed(this.options.clock.monotonicMs() - startedMs);
    } catch (error) {
      this.#lost(claims, error as Error);
      return [];
    } finally {
      for (const { span } of disposed) span?.end();
    }
    this.#queue.splice(0, count);
    this.#makeRoom();
    return claims;
  }

  #lost(claims: readonly Claim[], error: Error): void {
    const { runner, metrics, logger } = this.options;
    for (const claim of claims) runner.forget(claim);
    metrics.openingLost();
    logger.warn({ partition: this.opening.partition, error: error.message }, 'claims not committed: nothing of them is called');
    this.#end();
  }

  /** What is not claimed goes back to the pacer at once instead of waiting for the next owner. */
  async #sendQueueBack(): Promise<void> {
    while (this.#state === 'closing' && this.#queue.length > 0) {
      const count = Math.min(this.#queue.length, this.options.rules.most);
      const now = this.#now();
      const disposed = this.#queue.slice(0, count).map((queued) => this.options.disposal.sendBack(queued, now));
      this.options.checkpoint('stop:before-return');
      await this.#commit(disposed, count);
    }
  }

  #rules(): DisposalRules {
    return { ...this.options.rules, claimLeadMs: this.options.lead.ms };
  }

  #now(): { wallMicros: number; monotonicMs: number } {
    return { wallMicros: this.options.clock.wallMicros(), monotonicMs: this.options.clock.monotonicMs() };
  }

  #makeRoom(): void {
    if (this.#state === 'open' && this.#queue.length > this.options.queueBound / 2) return;
    this.#roomWanted?.();
    this.#roomWanted = null;
  }

  async #withinGrace(work: Promise<void>): Promise<void> {
    let cancel = (): void => undefined;
    const grace = new Promise<void>((resolve) => (cancel = this.options.scheduler.after(this.options.graceMs, resolve)));
    this.options.checkpoint('stop:in-grace');
    await Promise.race([work, grace]);
    cancel();
  }

  #end(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#cancelWake?.();
    this.#queue = [];
    this.#makeRoom();
    this.options.onEnd();
  }
}
