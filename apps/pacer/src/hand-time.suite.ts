import { ControlIndex, controlIdOf, controlSet } from '@paceline/domain/controls';
import type { PaceControls } from './pacer-parts.ts';
import type { Scheduler } from './scheduler.ts';

export const noon = 1_790_000_000_000_000;

/** Time that moves by hand: timers run in order, and every commit they lead to is over before time goes on. */
export class HandTime implements Scheduler {
  monotonic = 0;
  wallOffset = 0;
  #timers: { at: number; work: () => void }[] = [];

  wallMicros(): number {
    return noon + this.wallOffset + Math.round(this.monotonic * 1000);
  }

  monotonicMs(): number {
    return this.monotonic;
  }

  get armed(): number {
    return this.#timers.length;
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.monotonic + Math.max(0, ms), work };
    this.#timers.push(timer);
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  async advance(ms: number): Promise<void> {
    const end = this.monotonic + ms;
    for (;;) {
      await settle();
      const next = this.#timers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.monotonic = Math.max(this.monotonic, next.at);
      next.work();
    }
    this.monotonic = end;
  }
}

async function settle(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
}

/** Controls that a spec sets by hand, by `entity/aspect/origin`. */
export class HandControls implements PaceControls {
  fresh = true;
  readonly inForce = new ControlIndex();
  readonly #listeners = new Set<(key: string) => void>();

  set(key: string, value: unknown): void {
    const id = controlIdOf(key);
    const wish = { ...id, value: value === null ? null : JSON.stringify(value), reason: '', by: id.origin };
    this.inForce.apply(key, controlSet(wish, 0).data);
    for (const listener of this.#listeners) listener(key);
  }

  isFresh(): boolean {
    return this.fresh;
  }

  onChange(listener: (key: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
