import { gunzipSync } from 'node:zlib';
import { WireReader } from './wire.ts';

export interface DecodedRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A batch as a producer sends it (magic 2). */
export interface RecordBatch {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly transactional: boolean;
  readonly records: readonly DecodedRecord[];
}

/** Thrown for what the codec does not read: another magic, or a compression other than gzip. */
export class UnreadableBatch extends Error {}

const compressionMask = 0x07;
const transactionalMask = 0x10;
const gzip = 1;

function decodeRecord(records: WireReader): DecodedRecord {
  const record = new WireReader(records.raw(records.varint()));
  record.int8(); // attributes: none in use
  record.varint(); // timestamp delta
  record.varint(); // offset delta
  const key = record.nullableVarBytes();
  const value = record.nullableVarBytes();
  const headers = Array.from({ length: record.varint() }, () => {
    const name = record.raw(record.varint()).toString('utf8');
    return [name, record.nullableVarBytes()?.toString('utf8') ?? ''] as const;
  });
  return { key: key?.toString('utf8') ?? null, value: value?.toString('utf8') ?? null, headers: Object.fromEntries(headers) };
}

/** The checksum is not verified: a client with a wrong one fails against every real broker. */
export function decodeRecordBatch(bytes: Buffer): RecordBatch {
  const reader = new WireReader(bytes);
  reader.int64(); // base offset: the broker gives it
  reader.int32(); // length
  reader.int32(); // partition leader epoch
  const magic = reader.int8();
  if (magic !== 2) throw new UnreadableBatch(`magic ${magic}`);
  reader.int32(); // crc
  const attributes = reader.int16();
  reader.int32(); // last offset delta
  reader.int64(); // first timestamp
  reader.int64(); // max timestamp
  const producerId = reader.int64();
  const producerEpoch = reader.int16();
  const baseSequence = reader.int32();
  const count = reader.int32();
  const compression = attributes & compressionMask;
  if (compression > gzip) throw new UnreadableBatch(`compression ${compression}`);
  const packed = reader.raw(reader.remaining);
  const records = new WireReader(compression === gzip ? gunzipSync(packed) : packed);
  return {
    producerId,
    producerEpoch,
    baseSequence,
    transactional: (attributes & transactionalMask) !== 0,
    records: Array.from({ length: count }, () => decodeRecord(records)),
  };
}
