/** A change of the keyed state; null deletes. The shape of the pipeline's StateChange, which the domain does not know. */
export interface StateEntry {
  readonly key: string;
  readonly value: string | null;
}

export interface CommitPoint {
  /** The lowest offset whose row still waits, or the position after everything read. */
  readonly offset: number;
  readonly changes: readonly StateEntry[];
}

const chunkSize = 4096;
const words = chunkSize / 32;
const keyPrefix = 'released:';

interface Chunk {
  readonly held: Uint32Array;
  readonly released: Uint32Array;
  heldCount: number;
  /** Whether the changelog has a value of it. */
  stored: boolean;
}

/**
 * Which records of one `requests` partition are done with (granted, closed, dead), however long their neighbours wait.
 * The committed offset is the lowest unreleased one; the released ones above it are bitmaps in the changelog. Forgetting
 * one would grant a row twice; inventing one would lose it.
 */
export class ReleasedOffsets {
  readonly #chunks = new Map<number, Chunk>();
  readonly #dirty = new Set<number>();
  #low: number;
  #position: number;

  constructor(committed: number, state: ReadonlyMap<string, string> = new Map()) {
    this.#low = chunkOf(committed);
    this.#position = committed;
    for (const [key, value] of state) {
      if (!key.startsWith(keyPrefix)) continue;
      const index = Number(key.slice(keyPrefix.length));
      const chunk = this.#chunk(index);
      chunk.stored = true;
      decode(value, chunk.released);
      this.#low = Math.min(this.#low, index);
    }
  }

  /** Offset of the next record not seen yet. */
  get position(): number {
    return this.#position;
  }

  /** The lowest offset whose row still waits, or the position. */
  get lowest(): number {
    return this.#lowestHeld();
  }

  /** Sees a record: true when its row waits from now on, false when it was read or released before. */
  hold(offset: number): boolean {
    if (offset < this.#position) return false;
    this.#position = offset + 1;
    const chunk = this.#chunk(chunkOf(offset));
    if (hasBit(chunk.released, offset)) return false;
    setBit(chunk.held, offset);
    chunk.heldCount += 1;
    return true;
  }

  /** Everything below was read; control records leave gaps that never come. */
  advance(position: number): void {
    this.#position = Math.max(this.#position, position);
  }

  release(offset: number): void {
    const index = chunkOf(offset);
    const chunk = this.#chunks.get(index);
    if (chunk === undefined || !hasBit(chunk.held, offset)) throw new Error(`offset ${offset} is released twice or was never held`);
    clearBit(chunk.held, offset);
    chunk.heldCount -= 1;
    setBit(chunk.released, offset);
    this.#dirty.add(index);
  }

  /** What the next commit must carry. Counted as carried: after a commit of unknown end this object is dropped. */
  commitPoint(): CommitPoint {
    const offset = this.#lowestHeld();
    const changes = this.#dropBelow(chunkOf(offset));
    for (const index of this.#dirty) {
      const chunk = this.#chunks.get(index);
      if (chunk !== undefined) this.#write({ index, chunk, from: offset, changes });
    }
    this.#dirty.clear();
    return { offset, changes };
  }

  #write({ index, chunk, from, changes }: { index: number; chunk: Chunk; from: number; changes: StateEntry[] }): void {
    const needed = hasBitFrom(chunk.released, Math.max(0, from - index * chunkSize));
    if (needed) changes.push({ key: keyOf(index), value: encode(chunk.released) });
    else if (chunk.stored) changes.push({ key: keyOf(index), value: null });
    chunk.stored = needed;
  }

  #lowestHeld(): number {
    const last = chunkOf(this.#position);
    for (let index = this.#low; index <= last; index += 1) {
      const chunk = this.#chunks.get(index);
      if (chunk !== undefined && chunk.heldCount > 0) return index * chunkSize + firstBit(chunk.held);
    }
    return this.#position;
  }

  #dropBelow(index: number): StateEntry[] {
    const tombstones: StateEntry[] = [];
    for (; this.#low < index; this.#low += 1) {
      if (this.#chunks.get(this.#low)?.stored === true) tombstones.push({ key: keyOf(this.#low), value: null });
      this.#chunks.delete(this.#low);
      this.#dirty.delete(this.#low);
    }
    return tombstones;
  }

  #chunk(index: number): Chunk {
    let chunk = this.#chunks.get(index);
    if (chunk === undefined) {
      chunk = { held: new Uint32Array(words), released: new Uint32Array(words), heldCount: 0, stored: false };
      this.#chunks.set(index, chunk);
    }
    return chunk;
  }
}

const chunkOf = (offset: number): number => Math.floor(offset / chunkSize);
const keyOf = (index: number): string => `${keyPrefix}${index}`;
const wordOf = (offset: number): number => (offset % chunkSize) >>> 5;
const maskOf = (offset: number): number => 1 << ((offset % chunkSize) & 31);

const hasBit = (bits: Uint32Array, offset: number): boolean => ((bits[wordOf(offset)] ?? 0) & maskOf(offset)) !== 0;

function setBit(bits: Uint32Array, offset: number): void {
  bits[wordOf(offset)] = (bits[wordOf(offset)] ?? 0) | maskOf(offset);
}

function clearBit(bits: Uint32Array, offset: number): void {
  bits[wordOf(offset)] = (bits[wordOf(offset)] ?? 0) & ~maskOf(offset);
}

function firstBit(bits: Uint32Array): number {
  const word = bits.findIndex((value) => value !== 0);
  return word * 32 + 31 - Math.clz32((bits[word] ?? 0) & -(bits[word] ?? 0));
}

/** Whether any bit of the chunk is set at `from` (relative to the chunk) or above. */
function hasBitFrom(bits: Uint32Array, from: number): boolean {
  const first = from >>> 5;
  return bits.some((value, word) => (word > first ? value !== 0 : word === first && value >>> (from & 31) !== 0));
}

/** Eight hex digits a word, lowest first, zero words at the end left out. */
function encode(bits: Uint32Array): string {
  let text = '';
  const end = bits.findLastIndex((value) => value !== 0);
  for (let word = 0; word <= end; word += 1) text += (bits[word] ?? 0).toString(16).padStart(8, '0');
  return text;
}

function decode(text: string, into: Uint32Array): void {
  for (let word = 0; word * 8 < text.length; word += 1) into[word] = Number.parseInt(text.slice(word * 8, word * 8 + 8), 16);
}
