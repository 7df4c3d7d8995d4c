import { ControlIndex, controlIdOf, controlSet } from '../controls/index.ts';
import type { AccountSteward, GaugeBoard } from './signals.ts';

/** Controls that a spec sets by hand, by `entity/aspect/origin`. */
export class HandControls extends ControlIndex {
  set(key: string, value: unknown): void {
    const id = controlIdOf(key);
    this.apply(key, controlSet({ ...id, value: value === null ? null : JSON.stringify(value), reason: '', by: id.origin }, 0).data);
  }
}

/** Senders that speak for every slots partition and answer as they are told. */
export class HandBoard implements GaugeBoard {
  silent = new Set<number>();
  calls = 0;
  latencyMs: number | null = null;

  heed(): void {
    // Told by hand.
  }

  speaks(slotsPartition: number): boolean {
    return !this.silent.has(slotsPartition);
  }

  inFlight(): number {
    return this.calls;
  }

  latencyP90Ms(): number | null {
    return this.latencyMs;
  }

  latencyMeanMs(): number | null {
    return this.latencyMs;
  }
}

export const idleSteward: AccountSteward = { heed: () => undefined, decide: () => [], nextAtMs: () => null };
