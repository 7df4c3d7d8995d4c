import type { RowRange } from '@paceline/contracts';

const rowsPerBlock = 4096;
const bytesPerBlock = rowsPerBlock / 8;

/** Ones of a byte. */
const ones = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** Part of a set small enough for one record of a changelog. */
export interface RowBlock {
  readonly block: number;
  readonly hex: string;
}

/** A set of row numbers from 1, one bit each: what a resend holds in memory of a million rows is some 120 KB. */
export class RowSet {
  readonly #blocks = new Map<number, Uint8Array>();
  #size = 0;

  static of(rows: Iterable<number>): RowSet {
    const set = new RowSet();
    for (const row of rows) set.add(row);
    return set;
  }

  static ofBlocks(blocks: Iterable<RowBlock>): RowSet {
    const set = new RowSet();
    for (const { block, hex } of blocks) set.#put(block, bytesOf(hex));
    return set;
  }

  get size(): number {
    return this.#size;
  }

  has(row: number): boolean {
    const { block, byte, bit } = placeOf(row);
    return ((this.#blocks.get(block)?.[byte] ?? 0) & bit) !== 0;
  }

  add(row: number): void {
    const { block, byte, bit } = placeOf(row);
    let bytes = this.#blocks.get(block);
    if (bytes === undefined) this.#blocks.set(block, (bytes = new Uint8Array(bytesPerBlock)));
    if (((bytes[byte] ?? 0) & bit) !== 0) return;
    bytes[byte] = (bytes[byte] ?? 0) | bit;
    this.#size += 1;
  }

  delete(row: number): void {
    if (!this.has(row)) return;
    const { block, byte, bit } = placeOf(row);
    const bytes = this.#blocks.get(block) as Uint8Array;
    bytes[byte] = (bytes[byte] ?? 0) & ~bit;
    this.#size -= 1;
  }

  /** Ascending. */
  *rows(): Generator<number> {
    for (const block of this.blocks()) {
      const bytes = this.#blocks.get(block) as Uint8Array;
      for (let at = 0; at < bytesPerBlock; at += 1) {
        const byte = bytes[at] ?? 0;
        if (byte !== 0) yield* rowsOfByte(byte, block * rowsPerBlock + at * 8 + 1);
      }
    }
  }

  /** Ascending numbers of the blocks that hold rows. */
  blocks(): number[] {
    return [...this.#blocks.keys()].sort((a, b) => a - b);
  }

  /** The block as text; null when it holds no row. */
  encode(block: number): string | null {
    const bytes = this.#blocks.get(block);
    return bytes === undefined || countOf(bytes) === 0 ? null : hexOf(bytes);
  }

  /** Both ends included, ascending. */
  ranges(): RowRange[] {
    const ranges: { from: number; to: number }[] = [];
    for (const row of this.rows()) {
      const last = ranges.at(-1);
      if (last !== undefined && last.to === row - 1) last.to = row;
      else ranges.push({ from: row, to: row });
    }
    return ranges;
  }

  /** How many rows each block has before its own. */
  before(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    let sum = 0;
    for (const block of this.blocks()) {
      counts.set(block, sum);
      sum += countOf(this.#blocks.get(block) as Uint8Array);
    }
    return counts;
  }

  /** Rows of this row's block that come before it. */
  beforeInBlock(row: number): number {
    const { block, byte, bit } = placeOf(row);
    const bytes = this.#blocks.get(block) ?? new Uint8Array(bytesPerBlock);
    return countOf(bytes.subarray(0, byte)) + (ones[(bytes[byte] ?? 0) & (bit - 1)] ?? 0);
  }

  #put(block: number, bytes: Uint8Array): void {
    this.#size += countOf(bytes) - countOf(this.#blocks.get(block) ?? new Uint8Array(0));
    this.#blocks.set(block, bytes);
  }
}

/** The block that a row lies in. */
export const blockOf = (row: number): number => Math.floor((row - 1) / rowsPerBlock);

function placeOf(row: number): { block: number; byte: number; bit: number } {
  const at = (row - 1) % rowsPerBlock;
  return { block: blockOf(row), byte: at >> 3, bit: 1 << (at & 7) };
}

function* rowsOfByte(byte: number, first: number): Generator<number> {
  for (let bit = 0; bit < 8; bit += 1) if ((byte & (1 << bit)) !== 0) yield first + bit;
}

const countOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + (ones[byte] ?? 0), 0);

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: bytesPerBlock }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2) || '0', 16));
}

/**
 * Rows of a batch that a resend calls again, numbered anew: the n-th of them is row n of the new batch, because the
 * rows of a batch are 1 to its number of rows wherever rows are counted. Never changes once planned.
 */
export class RowNumbering {
  readonly #before: ReadonlyMap<number, number>;
  readonly #rows: Uint32Array;

  constructor(private readonly planned: RowSet) {
    this.#before = planned.before();
    this.#rows = Uint32Array.from(planned.rows());
  }

  /** Row of the new batch. */
  numberOf(row: number): number {
    return (this.#before.get(blockOf(row)) ?? 0) + this.planned.beforeInBlock(row) + 1;
  }

  /** Row of the original batch; undefined when the new batch has no such row. */
  originalOf(number: number): number | undefined {
    return this.#rows[number - 1];
  }
}
