import type { ControlLookup } from './control-values.ts';
import type { AccountSteward, GaugeBoard } from './signals.ts';

/** A controls table that a spec sets by hand. */
export class HandControls implements ControlLookup {
  readonly #values = new Map<string, { value: string | null }>();

  set(key: string, value: unknown): void {
    this.#values.set(key, { value: value === null ? null : JSON.stringify(value) });
  }

  get(key: string): { value: string | null } | undefined {
    return this.#values.get(key);
  }

  entries(): Iterable<readonly [string, unknown]> {
    return this.#values.entries();
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
