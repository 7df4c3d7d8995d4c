const firstCapacity = 1024;
const fullest = 0.6;

/** 53 bits of a text: two 32-bit multiplicative hashes. One million texts collide with a chance of 1 in 18,000. */
function fingerprint(text: string): number {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 2654435761);
    high = Math.imul(high ^ unit, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return 4294967296 * (2097151 & high) + (low >>> 0) || 1;
}

/** A set of texts by fingerprint, 16 to 27 bytes each: for live counters, never for outcomes. */
export class FingerprintSet {
  #slots = new Float64Array(firstCapacity);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** True the first time. */
  add(text: string): boolean {
    if (!this.#insert(fingerprint(text))) return false;
    this.#size += 1;
    if (this.#size > this.#slots.length * fullest) this.#grow();
    return true;
  }

  #insert(value: number): boolean {
    const mask = this.#slots.length - 1;
    for (let at = value % this.#slots.length; ; at = (at + 1) & mask) {
      const found = this.#slots[at];
      if (found === value) return false;
      if (found !== 0) continue;
      this.#slots[at] = value;
      return true;
    }
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Float64Array(before.length * 2);
    for (const value of before) if (value !== 0) this.#insert(value);
  }
}
