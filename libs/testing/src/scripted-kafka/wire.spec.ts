import { decodeRecordBatch, UnreadableBatch } from './record-batch.ts';
import { WireReader, WireWriter } from './wire.ts';

describe('the primitive types', () => {
  test.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [-64, '7f'],
    [64, '8001'],
    [300, 'd804'],
    [2 ** 31 - 1, 'feffffff0f'],
    [1_790_000_000_000, '80b083c59868'],
  ])('varint %d is %s', (value, hex) => {
    expect(new WireWriter().varint(value).toBuffer().toString('hex')).toBe(hex);
    expect(new WireReader(Buffer.from(hex, 'hex')).varint()).toBe(value);
  });

  test('what is written is read again', () => {
    const bytes = new WireWriter()
      .int8(-3)
      .int16(-300)
      .int32(70_000)
      .int64(2 ** 40)
      .boolean(true)
      .nullableString('Grüße')
      .nullableString(null)
      .bytesOf32(Buffer.from('xyz'))
      .nullableVarBytes(null)
      .nullableVarBytes(Buffer.from('v'))
      .array([1, 2], (writer, value) => writer.int32(value))
      .toBuffer();
    const reader = new WireReader(bytes);
    expect([reader.int8(), reader.int16(), reader.int32(), reader.int64(), reader.boolean()]).toEqual([-3, -300, 70_000, 2 ** 40, true]);
    expect([reader.nullableString(), reader.nullableString()]).toEqual(['Grüße', null]);
    expect(reader.bytesOf32().toString()).toBe('xyz');
    expect([reader.nullableVarBytes(), reader.nullableVarBytes()?.toString()]).toEqual([null, 'v']);
    expect(reader.array((each) => each.int32())).toEqual([1, 2]);
    expect(reader.remaining).toBe(0);
  });

  test('a string that says more bytes than there are is refused', () => {
    expect(() => new WireReader(Buffer.from('0005616263', 'hex')).string()).toThrow(RangeError);
  });
});

interface BatchHead {
  readonly magic?: number;
  readonly attributes: number;
  readonly records: Buffer;
  readonly count: number;
}

const batchBytes = ({ magic = 2, attributes, records, count }: BatchHead): Buffer => {
  const body = new WireWriter()
    .int16(attributes)
    .int32(count - 1)
    .int64(1_790_000_000_000)
    .int64(1_790_000_000_000);
  const tail = body.int64(1007).int16(3).int32(41).int32(count).raw(records).toBuffer();
  const head = new WireWriter().int32(0).int8(magic).int32(0).toBuffer();
  return new WireWriter()
    .int64(0)
    .bytesOf32(Buffer.concat([head, tail]))
    .toBuffer();
};

// By hand: length, attributes, timestamp delta, offset delta, key, value, headers; all numbers zigzag.
const fullRecord = Buffer.from('1a 00 00 00 026b 047631 02 0268 0278'.replaceAll(' ', ''), 'hex');
const tombstone = Buffer.from('0e 00 00 02 026b 01 00'.replaceAll(' ', ''), 'hex');

describe('record batches', () => {
  test('producer, sequence, transaction and records are decoded', () => {
    const bytes = batchBytes({ attributes: 0x10, records: Buffer.concat([fullRecord, tombstone]), count: 2 });
    expect(decodeRecordBatch(bytes)).toEqual({
      producerId: 1007,
      producerEpoch: 3,
      baseSequence: 41,
      transactional: true,
      records: [
        { key: 'k', value: 'v1', headers: { h: 'x' } },
        { key: 'k', value: null, headers: {} },
      ],
    });
  });

  test.each([
    ['an older format', { magic: 1, attributes: 0 }],
    ['a compression other than gzip', { attributes: 3 }],
  ])('%s is not read', (_, head) => {
    expect(() => decodeRecordBatch(batchBytes({ ...head, records: Buffer.alloc(0), count: 0 }))).toThrow(UnreadableBatch);
  });
});
