import type { Outcome } from '@paceline/contracts';

export type ClosedOutcome = Exclude<Outcome, 'open'>;

export const closedOutcomes = [
  'accepted',
  'rejected',
  'refused',
  'suppressed',
  'expired',
  'cancelled',
  'unknown',
] as const satisfies ClosedOutcome[];

const outcomeBits = 0x0f;
const admittedBit = 0x10;
const firstSize = 1024;

/** What is known of each row of one batch: one byte a row, so that a million rows cost a megabyte. Rows count from 1. */
export class RowStates {
  #bytes = new Uint8Array(firstSize);
  #highest = 0;

  get highest(): number {
    return this.#highest;
  }

  /** True the first time. */
  admit(row: number): boolean {
    const state = this.#at(row);
    this.#set(row, state | admittedBit);
    return (state & admittedBit) === 0;
  }

  /** `first` outcome of the row, the `same` fact again, or a `conflict`: another outcome than it already has. */
  close(row: number, outcome: ClosedOutcome): 'first' | 'same' | 'conflict' {
    const state = this.#at(row);
    const mark = closedOutcomes.indexOf(outcome) + 1;
    if ((state & outcomeBits) !== 0) return (state & outcomeBits) === mark ? 'same' : 'conflict';
    this.#set(row, state | mark);
    return 'first';
  }

  isClosed(row: number): boolean {
    return (this.#at(row) & outcomeBits) !== 0;
  }

  #at(row: number): number {
    return this.#bytes[row] ?? 0;
  }

  #set(row: number, state: number): void {
    if (row >= this.#bytes.length) {
      const grown = new Uint8Array(Math.max(row + 1, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[row] = state;
    this.#highest = Math.max(this.#highest, row);
  }
}
