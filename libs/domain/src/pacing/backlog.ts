import { FairLevel } from './flow.ts';
import { Heap } from './heap.ts';
import type { Waiting } from './waiting.ts';

/** The waiting rows of one account. A cache of the log: it may be lost and rebuilt at any time. */
export interface Backlog {
  /** Rows waiting, due or not, held ones included. */
  readonly size: number;
  add(item: Waiting): void;
  /** Takes the row whose turn it is among those whose notBefore has come at `at`: priority, then fair share, then row. */
  take(at: number): Waiting | null;
  /** 0 when a row may be due now, else the next notBefore, UTC microseconds; null when none will be due by itself. */
  dueAt(): number | null;
  /** Takes out all rows of a batch. */
  remove(batchId: string): Waiting[];
  /** Held rows wait and keep their place. */
  hold(batchId: string, held: boolean): void;
  /** Share among batches of equal priority; 1 when never set. */
  weigh(batchId: string, weight: number): void;
  /** Since when the row longest in turn waits, UTC microseconds; null when none is due. */
  waitingSince(): number | null;
}

/** All in memory. Cost of a row is logarithmic in its batch and in the number of batches, never in the whole backlog. */
export class MemoryBacklog implements Backlog {
  readonly #scheduled = new Heap<Waiting>((a, b) => a.notBefore < b.notBefore || (a.notBefore === b.notBefore && a.offset < b.offset));
  #levels: FairLevel[] = [];
  readonly #held = new Set<string>();
  readonly #weights = new Map<string, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(item: Waiting): void {
    this.#size += 1;
    if (item.notBefore > 0) this.#scheduled.push(item);
    else this.#enqueue(item);
  }

  take(at: number): Waiting | null {
    this.#promote(at);
    for (const level of this.#levels) {
      for (let item = level.take(); item !== undefined; item = level.take()) {
        if (item.notBefore <= at) return this.#taken(item);
        this.#scheduled.push(item); // only after the clock stepped back
      }
    }
    return null;
  }

  dueAt(): number | null {
    if (this.#levels.some((level) => level.isReady())) return 0;
    return this.#scheduled.peek()?.notBefore ?? null;
  }

  remove(batchId: string): Waiting[] {
    const scheduled = this.#scheduled.extract((item) => item.request.batchId === batchId);
    const removed = scheduled.concat(...this.#levels.map((level) => level.remove(batchId)));
    this.#size -= removed.length;
    return removed;
  }

  hold(batchId: string, held: boolean): void {
    if (held) this.#held.add(batchId);
    else this.#held.delete(batchId);
    for (const level of this.#levels) level.hold(batchId, held);
  }

  weigh(batchId: string, weight: number): void {
    this.#weights.set(batchId, weight);
    for (const level of this.#levels) level.weigh(batchId, weight);
  }

  waitingSince(): number | null {
    let since: number | null = null;
    for (const level of this.#levels) {
      for (const head of level.heads()) since = Math.min(since ?? head.since, head.since);
    }
    return since;
  }

  #taken(item: Waiting): Waiting {
    this.#size -= 1;
    return item;
  }

  #promote(at: number): void {
    for (let item = this.#scheduled.peek(); item !== undefined && item.notBefore <= at; item = this.#scheduled.peek()) {
      this.#scheduled.pop();
      this.#enqueue(item);
    }
  }

  #enqueue(item: Waiting): void {
    const { batchId, priority } = item.request;
    this.#level(priority).add(item, { weight: this.#weights.get(batchId) ?? 1, held: this.#held.has(batchId) });
  }

  #level(priority: number): FairLevel {
    let level = this.#levels.find((candidate) => candidate.priority === priority);
    if (level === undefined) {
      level = new FairLevel(priority);
      this.#levels = [...this.#levels, level].sort((a, b) => b.priority - a.priority);
    }
    return level;
  }
}
