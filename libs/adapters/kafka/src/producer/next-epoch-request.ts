import { createRequire } from 'node:module';
import { requestKind, type RequestKind } from '../client-cluster.ts';
import type { Identified, ProducerIdentity } from './sender.ts';

const require = createRequire(import.meta.url);

interface Encoder {
  writeInt16(value: number): this;
  writeInt32(value: number): this;
  writeInt64(value: string): this;
  writeUVarIntString(value: string): this;
  /** Without a value: that there are no tagged fields. */
  writeUVarIntBytes(): this;
}
interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readInt64(): { toString(): string };
  readTaggedFields(): unknown;
}
const Encoder = require('kafkajs/src/protocol/encoder') as new () => Encoder;
const Decoder = require('kafkajs/src/protocol/decoder') as new (raw: Buffer) => Decoder;

const initProducerId = requestKind('InitProducerId');
const { apiKey } = initProducerId;

interface Fields extends ProducerIdentity {
  readonly transactionTimeout: number;
}

/**
 * InitProducerId in version 3 (Kafka 2.5): the next epoch for the present owner alone; the client stops at 1. Whoever was
 * replaced meanwhile is refused, where a request of version 1 would fence its successor.
 */
export const nextEpochRequest: RequestKind = {
  ...initProducerId,
  definitions: {
    versions: ['3'],
    protocol: () => (fields: Fields) => ({
      request: { apiKey, apiVersion: 3, apiName: 'InitProducerId', encode: () => Promise.resolve(encode(fields)) },
      response: { decode: (raw: Buffer) => Promise.resolve(decode(new Decoder(raw))) },
    }),
  },
};

function encode({ transactionalId, transactionTimeout, producerId, producerEpoch }: Fields): Encoder {
  const encoder = new Encoder()
    .writeUVarIntBytes()
    .writeUVarIntString(transactionalId ?? '')
    .writeInt32(transactionTimeout);
  return encoder.writeInt64(producerId).writeInt16(producerEpoch).writeUVarIntBytes();
}

function decode(decoder: Decoder): Identified {
  decoder.readTaggedFields();
  decoder.readInt32(); // throttle time
  return { errorCode: decoder.readInt16(), producerId: decoder.readInt64().toString(), producerEpoch: decoder.readInt16() };
}
