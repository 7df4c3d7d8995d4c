import { type LoggedBatch } from './partition-log.ts';
import { type DecodedRecord } from './record-batch.ts';
import { WireWriter } from './wire.ts';

const magic = 2;
const transactionalMask = 0x10;

const bytesOf = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text));

function encodeRecord({ key, value, headers }: DecodedRecord, offsetDelta: number): Buffer {
  const names = Object.keys(headers);
  const body = new WireWriter().int8(0).varint(0).varint(offsetDelta);
  body.nullableVarBytes(bytesOf(key)).nullableVarBytes(bytesOf(value)).varint(names.length);
  for (const name of names) body.nullableVarBytes(bytesOf(name)).nullableVarBytes(bytesOf(headers[name] ?? null));
  return body.toBuffer();
}

/** A batch as a fetch answer carries it. Checksum and timestamps are 0: the client looks at neither. */
export function encodeLoggedBatch({ baseOffset, producerId, epoch, baseSequence, transactional, records }: LoggedBatch): Buffer {
  const head = new WireWriter().int32(0).int8(magic).int32(0);
  head.int16(transactional ? transactionalMask : 0).int32(records.length - 1);
  head.int64(0).int64(0).int64(producerId).int16(epoch).int32(baseSequence);
  head.int32(records.length);
  for (const [at, record] of records.entries()) head.nullableVarBytes(encodeRecord(record, at));
  return new WireWriter().int64(baseOffset).bytesOf32(head.toBuffer()).toBuffer();
}
