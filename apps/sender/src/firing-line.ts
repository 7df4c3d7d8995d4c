import type { Clock } from '@paceline/pipeline';
import type { Scheduler } from './sender-ports.ts';

export interface Fireable {
  /** Monotonic. */
  readonly dueMs: number;
  fire(): void;
}

/**
 * All claims of the process that wait for their instant. Absolute deadlines: each timer aims at the first of them, so
 * that no error adds up, and nothing ticks while nothing is near. Never early; a late tick fires all that was due.
 */
export class FiringLine<F extends Fireable = Fireable> {
  readonly #waiting: F[] = [];
  #cancel: (() => void) | null = null;
  #armedFor = Number.POSITIVE_INFINITY;

  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly scheduler: Scheduler,
  ) {}

  get size(): number {
    return this.#waiting.length;
  }

  add(entry: F): void {
    const before = this.#waiting.findLastIndex(({ dueMs }) => dueMs <= entry.dueMs);
    this.#waiting.splice(before + 1, 0, entry);
    this.#arm();
  }

  /** Takes out what will not fire. */
  remove(which: (entry: F) => boolean): F[] {
    const removed = this.#waiting.filter(which);
    const kept = this.#waiting.filter((entry) => !which(entry));
    this.#waiting.splice(0, this.#waiting.length, ...kept);
    this.#arm();
    return removed;
  }

  #arm(): void {
    const dueMs = this.#waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY;
    if (dueMs === this.#armedFor) return;
    this.#cancel?.();
    this.#cancel = null;
    this.#armedFor = dueMs;
    if (dueMs === Number.POSITIVE_INFINITY) return;
    this.#cancel = this.scheduler.after(Math.max(0, dueMs - this.clock.monotonicMs()), () => this.#tick());
  }

  #tick(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.#cancel = null;
    while ((this.#waiting[0]?.dueMs ?? Number.POSITIVE_INFINITY) <= this.clock.monotonicMs()) this.#waiting.shift()?.fire();
    this.#arm();
  }
}
