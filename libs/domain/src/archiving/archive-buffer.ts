import type { TopicName } from '@paceline/contracts';
import { sealMark, sealedLast, tokenOf, type BlockSpan } from './blocks.ts';

/** A committed position with its metadata. */
export interface CommittedMark {
  readonly topic: TopicName;
  readonly offset: number;
  readonly metadata?: string;
}

export interface Held<T> {
  readonly offset: number;
  readonly item: T;
}

/** A block on its way: what it holds and the token that makes it repeatable. */
export interface SealedBlock<T> {
  readonly token: string;
  readonly spans: readonly BlockSpan[];
  readonly items: readonly T[];
}

interface Queue<T> {
  /** Everything below is stored. */
  position: number;
  /** Offset after the last delivered record, trailing control records included. */
  next: number;
  /** Last offset of the announced block; null when none is on its way. */
  sealed: number | null;
  held: Held<T>[];
  committed: { offset: number; metadata: string };
}

/**
 * Cuts the records of one partition's topics into blocks, so that any block can be made again exactly: what a block
 * holds is announced in the metadata of committed offsets (`last=N` at the unchanged position) before it is inserted.
 * What must never happen: a block inserted without its announcement, or another one under the same token.
 */
export class ArchiveBuffer<T> {
  readonly #partition: number;
  readonly #queues = new Map<TopicName, Queue<T>>();
  #size = 0;
  #turn = 0;

  constructor(partition: number, committed: Iterable<CommittedMark>) {
    this.#partition = partition;
    for (const { topic, offset, metadata = '' } of committed) {
      const sealed = sealedLast(metadata);
      this.#queues.set(topic, { position: offset, next: offset, sealed, held: [], committed: { offset, metadata } });
    }
  }

  /** Records held. */
  get size(): number {
    return this.#size;
  }

  /** A block was announced by an earlier owner, and not all of it has been read again. */
  get isRecollecting(): boolean {
    return this.#announced().some(([topic]) => this.awaits(topic));
  }

  /** More of this topic is needed before anything can be stored: it may not be paused. */
  awaits(topic: TopicName): boolean {
    const { sealed, next } = this.#queues.get(topic) ?? { sealed: null, next: 0 };
    return sealed !== null && next <= sealed;
  }

  /** There is something to insert or to commit now. */
  get hasWork(): boolean {
    return !this.isRecollecting && (this.#size > 0 || this.#announced().length > 0 || this.marks().length > 0);
  }

  /** Takes delivered records in offset order; those below the position are known already. */
  push(topic: TopicName, records: readonly Held<T>[], nextOffset: number): void {
    const queue = this.#queues.get(topic);
    if (queue === undefined) throw new Error(`archiver: ${topic} has no committed offset in this opening`);
    const fresh = records.filter(({ offset }) => offset >= queue.next);
    for (const each of fresh) queue.held.push(each);
    queue.next = Math.max(queue.next, nextOffset);
    this.#size += fresh.length;
  }

  /**
   * The next block, at most `maxItems` long, or null. An announced block comes first, whole, and alone. Commit
   * `marks()` before the block is inserted, and call `stored()` after it.
   */
  seal(maxItems: number): SealedBlock<T> | null {
    if (this.isRecollecting) return null;
    if (this.#announced().length === 0) this.#announce(maxItems);
    const announced = this.#announced();
    if (announced.length === 0) return null;
    const spans = announced.map(([topic, { position, sealed }]) => ({ topic, from: position, last: sealed ?? position }));
    const items = announced.flatMap(([, { held, sealed }]) =>
      held.filter(({ offset }) => offset <= (sealed ?? -1)).map(({ item }) => item),
    );
    return { token: tokenOf(this.#partition, spans), spans, items };
  }

  /** Offsets to commit now, in one transaction: where each topic stands and what is announced; empty when nothing changed. */
  marks(): readonly CommittedMark[] {
    return [...this.#queues]
      .map(([topic, queue]) => ({ topic, ...standing(queue), was: queue.committed }))
      .filter(({ offset, metadata, was }) => offset !== was.offset || metadata !== was.metadata)
      .map(({ topic, offset, metadata }) => ({ topic, offset, metadata }));
  }

  /** The marks were committed. */
  committed(marks: readonly CommittedMark[]): void {
    for (const { topic, offset, metadata = '' } of marks) {
      const queue = this.#queues.get(topic);
      if (queue !== undefined) queue.committed = { offset, metadata };
    }
  }

  /** The block is stored: its records are let go. */
  stored(block: SealedBlock<T>): void {
    for (const { topic, last } of block.spans) {
      const queue = this.#queues.get(topic);
      if (queue === undefined) continue;
      const rest = queue.held.filter(({ offset }) => offset > last);
      this.#size -= queue.held.length - rest.length;
      Object.assign(queue, { held: rest, position: last + 1, sealed: null });
    }
  }

  /** By name, so that the same block always has its rows in the same order. */
  #announced(): [TopicName, Queue<T>][] {
    return [...this.#queues].filter(([, { sealed }]) => sealed !== null).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Each block begins with another topic, so that a busy one cannot starve the rest. */
  #announce(maxItems: number): void {
    const queues = [...this.#queues.values()];
    this.#turn = (this.#turn + 1) % Math.max(queues.length, 1);
    let room = maxItems;
    for (const queue of [...queues.slice(this.#turn), ...queues.slice(0, this.#turn)]) {
      const taken = Math.min(room, queue.held.length);
      if (taken === 0) continue;
      queue.sealed = queue.held[taken - 1]?.offset ?? null;
      room -= taken;
    }
  }
}

function standing<T>({ position, next, sealed, held }: Queue<T>): { offset: number; metadata: string } {
  if (sealed !== null) return { offset: position, metadata: sealMark(sealed) };
  return { offset: held.length === 0 ? Math.max(position, next) : position, metadata: '' };
}
