/** Reads the primitive types of the Kafka protocol from a buffer, front to back. */
export class WireReader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  get remaining(): number {
    return this.bytes.length - this.#at;
  }

  int8(): number {
    return this.bytes.readInt8(this.#advance(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.#advance(4));
  }

  /** As a number: ids, offsets and timestamps here stay far below 2^53. */
  int64(): number {
    return Number(this.bytes.readBigInt64BE(this.#advance(8)));
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  nullableString(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.raw(length).toString('utf8');
  }

  string(): string {
    return this.nullableString() ?? '';
  }

  bytesOf32(): Buffer {
    return this.raw(Math.max(0, this.int32()));
  }

  nullableArray<T>(item: (reader: WireReader) => T): T[] | null {
    const length = this.int32();
    return length < 0 ? null : Array.from({ length }, () => item(this));
  }

  array<T>(item: (reader: WireReader) => T): T[] {
    return this.nullableArray(item) ?? [];
  }

  /** Zigzag, seven bits a byte. In arithmetic on bigint because a timestamp delta may take more than 32 bits. */
  varint(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes.readUInt8(this.#advance(1));
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return Number((value >> 1n) ^ -(value & 1n));
  }

  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.raw(1).readUInt8(0);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  compactNullableString(): string | null {
    const length = this.unsignedVarint();
    return length === 0 ? null : this.raw(length - 1).toString('utf8');
  }

  /** Of a flexible version; passed over. */
  tags(): void {
    for (let left = this.unsignedVarint(); left > 0; left -= 1) {
      this.unsignedVarint();
      this.raw(this.unsignedVarint());
    }
  }

  nullableVarBytes(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.raw(length);
  }

  raw(length: number): Buffer {
    const from = this.#advance(length);
    return this.bytes.subarray(from, from + length);
  }

  #advance(length: number): number {
    if (length > this.remaining) throw new RangeError(`${length} bytes wanted, ${this.remaining} left`);
    const from = this.#at;
    this.#at += length;
    return from;
  }
}

/** Writes the primitive types of the Kafka protocol. */
export class WireWriter {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    return this.#fixed(1, (part) => part.writeInt8(value));
  }

  int16(value: number): this {
    return this.#fixed(2, (part) => part.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#fixed(4, (part) => part.writeInt32BE(value));
  }

  int64(value: number): this {
    return this.#fixed(8, (part) => part.writeBigInt64BE(BigInt(value)));
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  nullableString(value: string | null): this {
    if (value === null) return this.int16(-1);
    const text = Buffer.from(value);
    return this.int16(text.length).raw(text);
  }

  bytesOf32(value: Buffer): this {
    return this.int32(value.length).raw(value);
  }

  array<T>(items: readonly T[], item: (writer: WireWriter, value: T) => void): this {
    this.int32(items.length);
    for (const each of items) item(this, each);
    return this;
  }

  varint(value: number): this {
    const signed = BigInt(value);
    let rest = BigInt.asUintN(64, (signed << 1n) ^ (signed >> 63n));
    const bytes: number[] = [];
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    return this.raw(Buffer.from(bytes));
  }

  nullableVarBytes(value: Buffer | null): this {
    return value === null ? this.varint(-1) : this.varint(value.length).raw(value);
  }

  raw(value: Buffer): this {
    this.#parts.push(value);
    return this;
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #fixed(length: number, write: (part: Buffer) => void): this {
    const part = Buffer.alloc(length);
    write(part);
    return this.raw(part);
  }
}
