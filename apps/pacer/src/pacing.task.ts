import type { TopicName } from '@paceline/contracts';
import { decideSlice, nextSlotAt, PartitionPacing, type RequestEvent, type RowStore } from '@paceline/domain/pacing';
import {
  OpeningLost,
  type InputRecord,
  type Opening,
  type OutputRecord,
  type PartitionTask,
  type RecordBatch,
  undecodableOutputs,
} from '@paceline/pipeline';
import { BacklogGauges } from './backlog-gauges.ts';
import type { PacerParts } from './pacer-parts.ts';
import { signals, SignalsInbox } from './signals-inbox.ts';
import { SliceLoop } from './slice-loop.ts';
import { recordsOf } from './slice-records.ts';

const requests: TopicName = 'paceline.requests';
/** Longest wait between two looks while a row waits: a wall clock that steps forward makes it due earlier. */
const longestWaitMs = 1_000;
const mostBuriedWaiting = 500;
/** Rows of a batch that is cancelled already close as they are read; reading waits for them. */
const mostClosingWaiting = 100_000;

/**
 * Grants the slots of one partition of `requests`. Every slice is one transaction of slots, closed and carried rows,
 * controls, state and offsets; after a commit of unknown end nothing of this object is believed any more.
 */
export class PacingTask implements PartitionTask {
  readonly #pacing: PartitionPacing;
  readonly #signals: SignalsInbox;
  readonly #gauges: BacklogGauges;
  readonly #store: RowStore;
  readonly #loop: SliceLoop;
  readonly #leave: (() => void)[];
  #buried: OutputRecord[] = [];
  #delivery: 'flows' | 'paused' = 'flows';
  /** Of `requests`, as far as is known. */
  #committed: number;

  constructor(
    private readonly opening: Opening,
    private readonly parts: PacerParts,
  ) {
    const { controls, clock, scheduler, pace, metrics, reports, trimmer } = parts;
    const board = parts.newBoard();
    this.#committed = opening.committed.get(requests)?.offset ?? 0;
    this.#store = parts.newStore();
    this.#pacing = new PartitionPacing(
      {
        ...{ accounts: parts.accounts, slots: parts.slots, residentRows: parts.residentRows, carrySpan: parts.carrySpan },
        ...{
          controls: controls.inForce,
          board,
          store: this.#store,
          minShare: pace.minShare,
          newSteward: (account) => parts.newSteward(account, board),
        },
      },
      { committed: this.#committed, state: opening.state, now: clock.wallMicros() },
    );
    this.#signals = new SignalsInbox({ pacing: this.#pacing, board, clock });
    this.#gauges = new BacklogGauges(this.#pacing, { partition: opening.partition, nowMs: clock.monotonicMs() });
    const failed = (error: unknown): void => this.#failed(error);
    this.#loop = new SliceLoop({ sliceMs: pace.sliceMs, clock, scheduler, tick: () => this.#slice(), failed });
    this.#leave = [
      controls.onChange((key) => {
        this.#pacing.controlChanged(key);
        this.#loop.wake();
      }),
      metrics.watch(this.#pacing, () => clock.wallMicros()),
      reports.watch(this.#pacing),
      trimmer.watch({ partition: opening.partition, committed: () => this.#committed }),
    ];
    opening.ended.addEventListener('abort', () => void this.#loop.stop(), { once: true });
  }

  async handle(batch: RecordBatch): Promise<void> {
    if (batch.topic === signals) return this.#heed(batch);
    for (const record of batch.records) this.#read(record);
    this.#pacing.released.advance(batch.nextOffset);
    this.#bound();
    this.#loop.wake();
    while (this.#isBehind() && !this.opening.ended.aborted) await this.#loop.nextTick();
  }

  #heed(batch: RecordBatch): void {
    this.#signals.heed(batch);
    const maySay = this.#pacing.stewards.nextAtMs() !== null || this.#gauges.nextAtMs() !== null;
    if (this.#pacing.size > 0 || this.#signals.isDue() || maySay) this.#loop.wake();
  }

  async close(): Promise<void> {
    for (const leave of this.#leave) leave();
    await this.#loop.stop();
    this.#store.close();
  }

  #isBehind(): boolean {
    return this.#buried.length > mostBuriedWaiting || this.#pacing.closing.judged > mostClosingWaiting;
  }

  #read(record: InputRecord): void {
    if (record.kind === 'event' && isRequestEvent(record.event)) {
      const { event, offset, headers } = record;
      const verdict = this.#pacing.read(event, { offset, traceparent: headers['traceparent'] ?? null });
      this.parts.metrics.read(event, verdict);
    } else if (this.#pacing.bury(record.offset)) {
      this.parts.metrics.skipped('dead-letter');
      this.#buried.push(...undecodableOutputs(record, 'pacer', this.parts.clock.wallMicros()));
    }
  }

  async #slice(): Promise<number | null> {
    const { clock, controls, pace, maxClosures, tracing, metrics } = this.parts;
    const now = { wall: clock.wallMicros(), monotonic: clock.monotonicMs() };
    const slice = decideSlice(this.#pacing, {
      now,
      minLead: pace.minLeadMs * 1000,
      lead: pace.leadMs * 1000,
      controlsFresh: controls.isFresh(),
      maxClosures,
    });
    if (slice.step !== 0) this.parts.logger.warn({ partition: this.opening.partition, stepMicros: slice.step }, 'wall clock stepped');
    const { outputs, spans } = recordsOf(slice, now.wall, tracing);
    await this.#commit(slice.state, [...outputs, ...this.#buried.splice(0), ...this.#gauges.take(now)]);
    for (const span of spans) span.end();
    metrics.committed(slice, now.monotonic);
    this.#bound();
    return this.#delayMs(now.wall);
  }

  /** Without outputs there is nothing to commit: offsets and bitmaps change with outputs only, or can wait for the next. */
  async #commit(marks: readonly { key: string; value: string | null }[], outputs: readonly OutputRecord[]): Promise<void> {
    if (outputs.length === 0 && !this.#signals.isDue()) return;
    const { offset, changes } = this.#pacing.released.commitPoint();
    const heard = this.#signals.commitPoint();
    await this.opening.commit({
      outputs: [...outputs, ...heard.outputs],
      state: [...changes, ...marks],
      offsets: [{ topic: requests, offset }, ...heard.offsets],
    });
    this.#committed = offset;
  }

  /** Milliseconds until the slice in which the next slot could lie, or the next decision about the pace. */
  #delayMs(wall: number): number | null {
    const { closing, stewards } = this.#pacing;
    if (closing.size > 0 || this.#buried.length > 0) return 0;
    const slotAt = nextSlotAt(this.#pacing);
    const decideAt = stewards.nextAtMs();
    const gaugeAt = this.#gauges.nextAtMs();
    const waits = [
      ...(slotAt === null ? [] : [(slotAt - wall) / 1000 - this.parts.pace.leadMs]),
      ...(decideAt === null ? [] : [decideAt - this.parts.clock.monotonicMs()]),
      ...(gaugeAt === null ? [] : [gaugeAt - this.parts.clock.monotonicMs()]),
    ];
    return waits.length === 0 ? null : Math.min(Math.max(0, Math.min(...waits)), longestWaitMs);
  }

  /** Bounded memory: reading pauses while too much waits. */
  #bound(): void {
    const { size } = this.#pacing;
    if (this.#delivery === 'flows' && size >= this.parts.maxWaiting) {
      this.#delivery = 'paused';
      this.opening.pause(requests);
    } else if (this.#delivery === 'paused' && size < this.parts.maxWaiting * 0.9) {
      this.#delivery = 'flows';
      this.opening.resume(requests);
    }
  }

  #failed(error: unknown): void {
    if (!(error instanceof OpeningLost)) this.parts.fail(error);
  }
}

function isRequestEvent(event: { readonly type: string }): event is RequestEvent {
  return ['RequestAdmitted', 'RetryScheduled', 'SlotReturned', 'RequestCarried'].includes(event.type);
}
