import { type Api, type PartitionDetail, readPartitions, readProducer, writeErrorOnly, writePartitionErrors } from './api.ts';
import { emptyBody } from './protocol.ts';

const initProducerId: Api = {
  name: 'InitProducerId',
  key: 22,
  min: 0,
  max: 3,
  decode: (reader, version) => {
    if (version < 2) return { ...emptyBody, transactionalId: reader.nullableString() };
    reader.tags();
    const transactionalId = reader.compactNullableString();
    reader.int32(); // time-out
    return version < 3 ? { ...emptyBody, transactionalId } : { ...emptyBody, transactionalId, ...readProducer(reader) };
  },
  encode: (writer, { errorCode, producerId, producerEpoch }, version) => {
    if (version >= 2) writer.int8(0); // no tags
    writer.int32(0).int16(errorCode).int64(producerId).int16(producerEpoch);
    if (version >= 2) writer.int8(0);
  },
};

const addPartitionsToTxn: Api = {
  name: 'AddPartitionsToTxn',
  key: 24,
  min: 0,
  max: 1,
  decode: (reader) => {
    const head = { transactionalId: reader.nullableString(), ...readProducer(reader) };
    // Bare partition numbers, which is what a partition without details is.
    return { ...emptyBody, ...head, partitions: readPartitions(reader) ?? [] };
  },
  encode: writePartitionErrors,
};

const addOffsetsToTxn: Api = {
  name: 'AddOffsetsToTxn',
  key: 25,
  min: 0,
  max: 1,
  decode: (reader) => ({ ...emptyBody, transactionalId: reader.nullableString(), ...readProducer(reader), groupId: reader.string() }),
  encode: writeErrorOnly,
};

const endTxn: Api = {
  name: 'EndTxn',
  key: 26,
  min: 0,
  max: 1,
  decode: (reader) => ({ ...emptyBody, transactionalId: reader.nullableString(), ...readProducer(reader), commit: reader.boolean() }),
  encode: writeErrorOnly,
};

const txnOffsetCommit: Api = {
  name: 'TxnOffsetCommit',
  key: 28,
  min: 0,
  max: 1,
  decode: (reader) => {
    const head = { transactionalId: reader.nullableString(), groupId: reader.string(), ...readProducer(reader) };
    const detail = (): PartitionDetail => ({ offset: reader.int64(), metadata: reader.nullableString() });
    return { ...emptyBody, ...head, partitions: readPartitions(reader, detail) ?? [] };
  },
  encode: writePartitionErrors,
};

export const transactionApis: readonly Api[] = [initProducerId, addPartitionsToTxn, addOffsetsToTxn, endTxn, txnOffsetCommit];
