import { createRequire } from 'node:module';
import { requestKind, type RequestKind } from './client-cluster.ts';
import { nameOf, type TopicPartition } from './topic-partition.ts';

const require = createRequire(import.meta.url);

interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readString(): string;
  readBoolean(): boolean;
  readArray<T>(of: (decoder: Decoder) => T): T[];
}
const Decoder = require('kafkajs/src/protocol/decoder') as new (raw: Buffer) => Decoder;
const requestV6 = require('kafkajs/src/protocol/requests/metadata/v6/request') as (fields: object) => object;

export interface NamedLeader {
  /** See nameOf. */
  readonly name: string;
  /** Node id; -1 = nobody. */
  readonly leader: number;
  /** Rises with each election of the partition. */
  readonly epoch: number;
}

export interface LeadersAnswer {
  readonly leaders: readonly NamedLeader[];
}

/**
 * Metadata in version 7 (Kafka 2.1), which says for each leader in which election it was made; the client stops at 6.
 * Of two brokers that name different leaders the one that knows of the later election is right.
 */
export const leadersRequest: RequestKind = {
  ...requestKind('Metadata'),
  definitions: {
    versions: ['7'],
    protocol:
      () =>
      ({ topics }: { readonly topics: readonly string[] }) => ({
        request: { ...requestV6({ topics, allowAutoTopicCreation: false }), apiVersion: 7 },
        response: { decode: (raw: Buffer) => Promise.resolve(decodeLeaders(new Decoder(raw))) },
      }),
  },
};

function decodeLeaders(decoder: Decoder): LeadersAnswer {
  decoder.readInt32(); // throttle time
  decoder.readArray((broker) => [broker.readInt32(), broker.readString(), broker.readInt32(), broker.readString()]);
  decoder.readString(); // cluster id
  decoder.readInt32(); // controller
  return { leaders: decoder.readArray(decodeTopic).flat() };
}

function decodeTopic(decoder: Decoder): readonly NamedLeader[] {
  decoder.readInt16(); // error
  const topic = decoder.readString() as TopicPartition['topic'];
  decoder.readBoolean(); // internal
  return decoder.readArray((partition) => {
    partition.readInt16(); // error
    const name = nameOf({ topic, partition: partition.readInt32() });
    const [leader, epoch] = [partition.readInt32(), partition.readInt32()];
    skipNodes(partition); // replicas
    skipNodes(partition); // in sync
    skipNodes(partition); // offline
    return { name, leader, epoch };
  });
}

function skipNodes(decoder: Decoder): void {
  decoder.readArray((node) => node.readInt32());
}
