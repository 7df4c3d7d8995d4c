import { Partitioners } from 'kafkajs';

type Metadata = Parameters<ReturnType<typeof Partitioners.DefaultPartitioner>>[0]['partitionMetadata'];

const partitioner = Partitioners.DefaultPartitioner();
const metadata = new Map<number, Metadata>();

/** The partition that a record with this key goes to, of so many: the producers' own rule. */
export function partitionOfKey(key: string, partitions: number): number {
  return partitioner({ topic: '', partitionMetadata: metadataOf(partitions), message: { key, value: null } });
}

function metadataOf(partitions: number): Metadata {
  let known = metadata.get(partitions);
  if (known === undefined) {
    known = Array.from({ length: partitions }, (_, partitionId) => ({
      ...{ partitionErrorCode: 0, partitionId, leader: 0, replicas: [], isr: [] },
    }));
    metadata.set(partitions, known);
  }
  return known;
}
