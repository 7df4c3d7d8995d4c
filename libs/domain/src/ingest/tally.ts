import type { RowFault } from './raw-row.ts';
import { shortText } from './record-bounds.ts';

/** Running totals of a batch; plain data, so that it lives in the task's state. */
export interface IngestTotals {
  readonly rows: number;
  readonly admitted: number;
  readonly refused: number;
  readonly segments: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly warnings: readonly string[];
  /** The first refused rows, for the report. */
  readonly firstRefused: readonly RefusedRow[];
}

export interface RefusedRow {
  readonly row: number;
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
  readonly reason: string;
}

export const noRows: IngestTotals = { rows: 0, admitted: 0, refused: 0, segments: 0, reasons: {}, warnings: [], firstRefused: [] };

const maxWarnings = 50;
const maxFirstRefused = 20;

/** Counts verdicts on from where the last committed chunk stood. rows = admitted + refused, always. */
export class Tally {
  #rows: number;
  #admitted: number;
  #refused: number;
  #segments: number;
  readonly #reasons: Map<string, number>;
  readonly #warnings: Set<string>;
  readonly #first: RefusedRow[];

  constructor(from: IngestTotals = noRows) {
    this.#rows = from.rows;
    this.#admitted = from.admitted;
    this.#refused = from.refused;
    this.#segments = from.segments;
    this.#reasons = new Map(Object.entries(from.reasons));
    this.#warnings = new Set(from.warnings);
    this.#first = [...from.firstRefused];
  }

  admit(cost: number): void {
    this.#rows += 1;
    this.#admitted += 1;
    this.#segments += cost;
  }

  refuse(place: { readonly row: number; readonly line: number }, fault: RowFault): void {
    this.#rows += 1;
    this.#refused += 1;
    this.#reasons.set(fault.code, (this.#reasons.get(fault.code) ?? 0) + 1);
    if (this.#first.length < maxFirstRefused) {
      this.#first.push({ row: place.row, line: place.line, column: fault.column, code: fault.code, reason: fault.reason });
    }
  }

  warn(text: string): void {
    if (this.#warnings.size < maxWarnings) this.#warnings.add(shortText(text));
  }

  get totals(): IngestTotals {
    return {
      rows: this.#rows,
      admitted: this.#admitted,
      refused: this.#refused,
      segments: this.#segments,
      reasons: Object.fromEntries(this.#reasons),
      warnings: [...this.#warnings],
      firstRefused: [...this.#first],
    };
  }
}
