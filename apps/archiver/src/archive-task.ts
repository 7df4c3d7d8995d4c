import type { TopicName } from '@paceline/contracts';
import {
  ArchiveBuffer,
  BlocksUnavailable,
  isTombstone,
  rowsOf,
  rowsOfRaw,
  type ArchivedRows,
  type EventBlocks,
  type PersonalRow,
  type SealedBlock,
} from '@paceline/domain/archiving';
import {
  deadLetterOf,
  OpeningLost,
  type Clock,
  type InputRecord,
  type Opening,
  type OutputRecord,
  type PartitionTask,
  type RecordBatch,
} from '@paceline/pipeline';
import type { Timers } from './timers.ts';

export interface ArchiveSpan {
  end(): void;
}

/** What the task tells the outside about its work; metrics, logs and traces hang here. */
export interface ArchiveObserver {
  /** Begins the archive span of a traced record; null when it is not traced. */
  begin(record: InputRecord): ArchiveSpan | null;
  stored(block: { readonly events: number; readonly milliseconds: number }): void;
  failed(failure: { readonly error: Error; readonly needsPerson: boolean; readonly retryInMs: number }): void;
}

export interface ArchiveTaskOptions {
  readonly opening: Opening;
  readonly blocks: EventBlocks;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly observer: ArchiveObserver;
  readonly blockRows: number;
  readonly flushMs: number;
  /** Ends the process: the task met what it cannot explain. */
  fail(error: unknown): void;
}

interface Entry {
  readonly rows: ArchivedRows;
  readonly deadLetter: OutputRecord | null;
  readonly span: ArchiveSpan | null;
}

const firstRetryMs = 200;
const lastRetryMs = 10_000;
const personRetryMs = 30_000;

/**
 * One partition of every archived topic into the event tables, each offset exactly once: announce (commit `last=N` at
 * the unchanged offset), insert under the token of just those offsets, move on. The announcement of a block and the
 * move past the one before are one transaction. While the store is down nothing is lost: the block waits, the topics pause.
 */
export class ArchiveTask implements PartitionTask {
  readonly #options: ArchiveTaskOptions;
  readonly #buffer: ArchiveBuffer<Entry>;
  readonly #paused = new Set<TopicName>();
  readonly #closing = new AbortController();
  #letters: OutputRecord[] = [];
  #flushing: Promise<void> | null = null;
  #cancelTimer: (() => void) | null = null;

  constructor(options: ArchiveTaskOptions) {
    this.#options = options;
    this.#buffer = new ArchiveBuffer(options.opening.partition, options.opening.committed.values());
  }

  /** Never waits: a topic that brings more than two blocks ahead of the store is paused until one is stored. */
  handle(batch: RecordBatch): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    const held = batch.records.map((record) => ({ offset: record.offset, item: this.#entryOf(record) }));
    this.#buffer.push(batch.topic, held, batch.nextOffset);
    if (this.#buffer.size >= this.#bound && !this.#buffer.awaits(batch.topic)) this.#pause(batch.topic);
    this.#goOn();
    return Promise.resolve();
  }

  async close(graceful: boolean): Promise<void> {
    this.#closing.abort();
    this.#cancelTimer?.();
    await this.#flushing;
    if (graceful && !this.#options.opening.ended.aborted) await this.#finish();
  }

  get #isOver(): boolean {
    return this.#closing.signal.aborted || this.#options.opening.ended.aborted;
  }

  get #bound(): number {
    return this.#options.blockRows * 2;
  }

  #entryOf(record: InputRecord): Entry {
    const span = this.#options.observer.begin(record);
    if (record.kind === 'event') return { rows: rowsOf(record), deadLetter: null, span };
    const isLetter = record.topic !== 'paceline.dead-letters' && !isTombstone(record);
    const deadLetter = isLetter ? deadLetterOf(record, 'archiver', this.#options.clock.wallMicros()) : null;
    return { rows: rowsOfRaw(record), deadLetter, span };
  }

  /** A full block goes at once, anything less with the next tick; a flush under way comes back here. */
  #goOn(): void {
    if (this.#isOver || this.#flushing !== null || !this.#buffer.hasWork) return;
    if (this.#buffer.size >= this.#options.blockRows) return this.#start();
    this.#cancelTimer ??= this.#options.timers.after(this.#options.flushMs, () => this.#start());
  }

  #start(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#isOver) return;
    this.#flushing = this.#flush()
      .catch((error: unknown) => this.#stop(error))
      .finally(() => {
        this.#flushing = null;
        this.#goOn();
      });
  }

  /** A lost opening is opened again by its owner; anything else that reaches this point is a fault of ours. */
  #stop(error: unknown): void {
    this.#closing.abort();
    if (!(error instanceof OpeningLost)) this.#options.fail(error);
  }

  async #flush(): Promise<void> {
    const block = this.#buffer.seal(this.#options.blockRows);
    await this.#commitMarks();
    if (block === null) return;
    if (await this.#insertUntilStored(block)) this.#stored(block);
  }

  async #commitMarks(): Promise<void> {
    const offsets = this.#buffer.marks();
    if (offsets.length === 0) return;
    const outputs = this.#letters;
    this.#letters = [];
    await this.#options.opening.commit({ outputs, offsets });
    this.#buffer.committed(offsets);
  }

  /** False when the task ended before: the announcement stands, and the next owner inserts the same block again. */
  async #insertUntilStored(block: SealedBlock<Entry>): Promise<boolean> {
    for (let tries = 1; !this.#options.opening.ended.aborted; tries += 1) {
      const failure = await this.#insert(block);
      if (failure === null) return true;
      if (this.#isOver) return false;
      const needsPerson = !(failure instanceof BlocksUnavailable);
      const retryInMs = needsPerson ? personRetryMs : Math.min(lastRetryMs, firstRetryMs * 2 ** (tries - 1));
      this.#options.observer.failed({ error: failure, needsPerson, retryInMs });
      await this.#options.timers.wait(retryInMs, AbortSignal.any([this.#closing.signal, this.#options.opening.ended]));
      if (this.#isOver) return false;
    }
    return false;
  }

  async #insert({ items, token }: SealedBlock<Entry>): Promise<Error | null> {
    const { blocks, clock, observer, opening } = this.#options;
    const began = clock.monotonicMs();
    const events = items.map(({ rows }) => rows.event);
    const personal = items.map(({ rows }) => rows.personal).filter((row): row is PersonalRow => row !== null);
    try {
      await blocks.insertBlock({ events, personal }, token, opening.ended);
      observer.stored({ events: events.length, milliseconds: clock.monotonicMs() - began });
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  #stored(block: SealedBlock<Entry>): void {
    this.#buffer.stored(block);
    for (const { span, deadLetter } of block.items) {
      span?.end();
      if (deadLetter !== null) this.#letters.push(deadLetter);
    }
    if (this.#buffer.size < this.#options.blockRows) this.#resume();
  }

  /** Shutdown as owner: what is held goes in if the store takes it at once; if not, it is read again by the next owner. */
  async #finish(): Promise<void> {
    try {
      while (this.#buffer.hasWork) {
        const block = this.#buffer.seal(this.#options.blockRows);
        await this.#commitMarks();
        if (block === null) return;
        if ((await this.#insert(block)) !== null) return;
        this.#stored(block);
      }
    } catch (error) {
      this.#stop(error);
    }
  }

  #pause(topic: TopicName): void {
    if (this.#paused.has(topic)) return;
    this.#paused.add(topic);
    this.#options.opening.pause(topic);
  }

  #resume(): void {
    for (const topic of this.#paused) this.#options.opening.resume(topic);
    this.#paused.clear();
  }
}
