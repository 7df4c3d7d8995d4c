import type { TopicName } from '@paceline/contracts';
import {
  decideSlice,
  MemoryBacklog,
  nextSlotAt,
  PartitionPacing,
  type ControlLookup,
  type RequestEvent,
  type Slice,
} from '@paceline/domain/pacing';
import {
  OpeningLost,
  type Clock,
  type InputRecord,
  type Opening,
  type OutputRecord,
  type PartitionTask,
  type RecordBatch,
} from '@paceline/pipeline';
import type { Tracing } from '@paceline/runtime';
import type { PacerMetrics } from './pacer-metrics.ts';
import type { Scheduler } from './scheduler.ts';
import { SliceLoop } from './slice-loop.ts';
import { burialOf, recordsOf } from './slice-records.ts';

const requests: TopicName = 'paceline.requests';
const signals: TopicName = 'paceline.signals';
/** Longest wait between two looks while a row waits: a wall clock that steps forward makes it due earlier. */
const longestWaitMs = 1_000;
const mostBuriedWaiting = 500;

/** The controls table as the task uses it. */
export interface PaceControlTable extends ControlLookup {
  isFresh(): boolean;
  onChange(listener: (key: string) => void): () => void;
}

export interface PacerParts {
  /** Configured calls per second by account name. */
  readonly accounts: ReadonlyMap<string, number>;
  readonly pace: { readonly leadMs: number; readonly minLeadMs: number; readonly sliceMs: number };
  readonly maxWaiting: number;
  readonly maxClosures: number;
  readonly controls: PaceControlTable;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly tracing: Pick<Tracing, 'child'>;
  readonly metrics: PacerMetrics;
  readonly logger: { warn(fields: object, message: string): void };
  /** Ends the process: the slice loop broke a promise of ours. */
  readonly fail: (error: unknown) => void;
}

/**
 * Grants the slots of one partition of `requests`. Every slice is one transaction of slots, closed rows, state and
 * offset; after a commit of unknown end nothing of this object is believed any more.
 */
export class PacingTask implements PartitionTask {
  readonly #pacing: PartitionPacing;
  readonly #loop: SliceLoop;
  readonly #stopListening: () => void;
  readonly #unwatch: () => void;
  #buried: OutputRecord[] = [];
  #delivery: 'flows' | 'paused' = 'flows';
  /** Next offset of the signals; null until one came. */
  #signalsRead: number | null = null;

  constructor(
    private readonly opening: Opening,
    private readonly parts: PacerParts,
  ) {
    const { accounts, controls, clock, scheduler, pace } = parts;
    const committed = opening.committed.get(requests)?.offset ?? 0;
    this.#pacing = new PartitionPacing(
      { accounts, controls, newBacklog: () => new MemoryBacklog() },
      { committed, state: opening.state, now: clock.wallMicros() },
    );
    const failed = (error: unknown): void => this.#failed(error);
    this.#loop = new SliceLoop({ sliceMs: pace.sliceMs, clock, scheduler, tick: () => this.#slice(), failed });
    this.#stopListening = controls.onChange((key) => {
      this.#pacing.controlChanged(key);
      this.#loop.wake();
    });
    this.#unwatch = parts.metrics.watch(this.#pacing, () => clock.wallMicros());
    opening.ended.addEventListener('abort', () => void this.#loop.stop(), { once: true });
  }

  async handle({ topic, records, nextOffset }: RecordBatch): Promise<void> {
    if (topic === signals) {
      this.#signalsRead = nextOffset;
      return;
    }
    for (const record of records) this.#read(record);
    this.#pacing.released.advance(nextOffset);
    this.#bound();
    this.#loop.wake();
    while (this.#buried.length > mostBuriedWaiting && !this.opening.ended.aborted) await this.#loop.nextTick();
  }

  async close(): Promise<void> {
    this.#stopListening();
    this.#unwatch();
    await this.#loop.stop();
  }

  #read(record: InputRecord): void {
    if (record.kind === 'event' && isRequestEvent(record.event)) {
      const origin = { offset: record.offset, traceparent: record.headers['traceparent'] ?? null };
      if (this.#pacing.read(record.event, origin) === 'duplicate') this.parts.metrics.skipped('duplicate');
    } else if (this.#pacing.bury(record.offset)) {
      this.parts.metrics.skipped('dead-letter');
      this.#buried.push(...burialOf(record, this.parts.clock.wallMicros()));
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
    await this.#commit(slice, [...outputs, ...this.#buried.splice(0)]);
    for (const span of spans) span.end();
    metrics.committed(slice);
    this.#bound();
    return this.#delayMs(now.wall);
  }

  /** Without outputs there is nothing to commit: offsets and bitmaps change with outputs only, or can wait for the next. */
  async #commit({ moved }: Slice, outputs: readonly OutputRecord[]): Promise<void> {
    if (outputs.length === 0) return;
    const { offset, changes } = this.#pacing.released.commitPoint();
    const state = [...changes, ...moved.map((account) => account.entry())];
    const read = this.#signalsRead === null ? [] : [{ topic: signals, offset: this.#signalsRead }];
    await this.opening.commit({ outputs, state, offsets: [{ topic: requests, offset }, ...read] });
  }

  /** Milliseconds until the slice in which the next slot could lie. */
  #delayMs(wall: number): number | null {
    if (this.#pacing.closing.length > 0 || this.#buried.length > 0) return 0;
    const next = nextSlotAt(this.#pacing);
    if (next === null) return null;
    const delayMs = (next - wall) / 1000 - this.parts.pace.leadMs;
    return Math.min(Math.max(0, delayMs), longestWaitMs);
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
