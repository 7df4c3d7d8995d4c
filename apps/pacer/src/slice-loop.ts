import type { Clock } from '@paceline/pipeline';
import type { Scheduler } from './scheduler.ts';

export interface SliceLoopOptions {
  readonly sliceMs: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly scheduler: Scheduler;
  /** One slice; resolves after its commit with the milliseconds to the next one that may matter, null = none by itself. */
  readonly tick: () => Promise<number | null>;
  /** The tick failed: the loop has ended. */
  readonly failed: (error: unknown) => void;
}

/**
 * One tick after the other, a slice apart on absolute deadlines: a late tick shortens the wait after it, a missed one is
 * not made up, two never overlap. Silent while nothing is near.
 */
export class SliceLoop {
  #deadline = Number.NEGATIVE_INFINITY;
  #armedFor = Number.POSITIVE_INFINITY;
  #disarm: (() => void) | null = null;
  #ticking: Promise<void> | null = null;
  #again = false;
  #stopped = false;
  #waiters: (() => void)[] = [];

  constructor(private readonly options: SliceLoopOptions) {}

  /** Something changed: tick as soon as the distance to the last tick allows. */
  wake(): void {
    if (this.#ticking !== null) this.#again = true;
    else this.#arm(0);
  }

  /** Resolves after the next tick, or at the end of the loop. */
  nextTick(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.wake();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** No tick begins any more; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#end();
    await this.#ticking;
  }

  #arm(delayMs: number): void {
    if (this.#stopped) return;
    const now = this.options.clock.monotonicMs();
    const at = Math.max(this.#deadline + this.options.sliceMs, now + delayMs);
    if (this.#disarm !== null && this.#armedFor <= at) return;
    this.#disarm?.();
    this.#armedFor = at;
    this.#disarm = this.options.scheduler.after(at - now, () => {
      this.#disarm = null;
      this.#deadline = at;
      this.#ticking = this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#again = false;
    try {
      const delayMs = await this.options.tick();
      this.#ticking = null;
      if (this.#again) this.#arm(0);
      else if (delayMs !== null) this.#arm(delayMs);
      this.#release();
    } catch (error) {
      this.#end();
      this.options.failed(error);
    }
  }

  #end(): void {
    this.#stopped = true;
    this.#disarm?.();
    this.#disarm = null;
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
