import fc from 'fast-check';
import { Partitioners, type PartitionMetadata } from 'kafkajs';
import { partitionOfKey } from './key-partition.ts';

const metadata = (partitions: number): PartitionMetadata[] =>
  Array.from({ length: partitions }, (_, partitionId) => ({ partitionErrorCode: 0, partitionId, leader: 0, replicas: [], isr: [] }));

describe('the partition of a key', () => {
  const theirs = Partitioners.DefaultPartitioner();

  /** Hashes that the tests of the Java client hold. */
  it.each([
    ['21', -973_932_308],
    ['foobar', -790_332_482],
    ['a-little-bit-long-string', -985_981_536],
    ['a-little-bit-longer-string', -1_486_304_829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
    ['abc', 479_470_107],
  ])("is that of Kafka's Java client: %s", (key, hash) => {
    for (const partitions of [1, 8, 12, 97]) expect(partitionOfKey(key, partitions)).toBe((hash & 0x7fffffff) % partitions);
  });

  it('is where the client puts it by itself, whatever the key', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()), fc.integer({ min: 1, max: 200 }), (text, partitions) => {
        const key = typeof text === 'string' ? text : Buffer.from(text);
        const args = { topic: 't', partitionMetadata: metadata(partitions), message: { key, value: null } };
        expect(partitionOfKey(key, partitions)).toBe(theirs(args));
      }),
      { numRuns: 2_000 },
    );
  });
});
