import { type Api, readPartitions, writePartitions } from './api.ts';
import { type BrokerAddress, emptyBody } from './protocol.ts';
import { decodeRecordBatch, type RecordBatch } from './record-batch.ts';
import { type WireWriter } from './wire.ts';

function readBatch(bytes: Buffer): RecordBatch | undefined {
  try {
    return decodeRecordBatch(bytes);
  } catch {
    return undefined; // answered as a corrupt or unsupported batch, as a broker does
  }
}

const writeBroker = (writer: WireWriter, { id, host, port }: BrokerAddress): WireWriter =>
  writer.int32(id).nullableString(host).int32(port);

const produce: Api = {
  name: 'Produce',
  key: 0,
  min: 3,
  max: 7,
  decode: (reader) => {
    const transactionalId = reader.nullableString();
    const acks = reader.int16();
    reader.int32(); // timeout
    const partitions = readPartitions(reader, () => ({ batch: readBatch(reader.bytesOf32()) })) ?? [];
    const batch = partitions[0]?.batch;
    const producer = { producerId: batch?.producerId ?? -1, producerEpoch: batch?.producerEpoch ?? -1 };
    return { ...emptyBody, ...producer, transactionalId, acks, partitions };
  },
  encode: (writer, answer, version) => {
    writePartitions(writer, answer, ({ errorCode, offset }) => {
      writer.int16(errorCode).int64(offset).int64(-1);
      if (version >= 5) writer.int64(0); // log start offset
    });
    writer.int32(0);
  },
};

const listOffsets: Api = {
  name: 'ListOffsets',
  key: 2,
  min: 2,
  max: 3,
  decode: (reader) => {
    reader.int32(); // replica id
    const readCommitted = reader.int8() === 1;
    return { ...emptyBody, readCommitted, partitions: readPartitions(reader, () => ({ timestamp: reader.int64() })) ?? [] };
  },
  encode: (writer, answer) => {
    writePartitions(writer.int32(0), answer, ({ errorCode, offset }) => writer.int16(errorCode).int64(-1).int64(offset));
  },
};

const metadata: Api = {
  name: 'Metadata',
  key: 3,
  min: 5,
  max: 7,
  decode: (reader) => ({ ...emptyBody, topics: reader.nullableArray(() => reader.string()) }),
  encode: (writer, answer, version) => {
    const { brokers, controller, topics } = answer.metadata;
    const replicas = brokers.map(({ id }) => id);
    writer.int32(0).array(brokers, (_, broker) => writeBroker(writer, broker).nullableString(null));
    writer.nullableString('scripted').int32(controller);
    writer.array(topics, (_, topic) => {
      writer.int16(topic.errorCode).nullableString(topic.name).boolean(false);
      writer.array(topic.partitions, (__, { partition, leader, epoch }) => {
        writer
          .int16(leader === null ? 5 : 0)
          .int32(partition)
          .int32(leader ?? -1);
        if (version >= 7) writer.int32(epoch);
        writer
          .array(replicas, (___, id) => writer.int32(id))
          .array(replicas, (___, id) => writer.int32(id))
          .int32(0);
      });
    });
  },
};

const offsetFetch: Api = {
  name: 'OffsetFetch',
  key: 9,
  min: 3,
  max: 4,
  decode: (reader) => {
    const groupId = reader.string();
    const partitions = readPartitions(reader);
    return { ...emptyBody, groupId, partitions: partitions ?? [], allPartitions: partitions === null };
  },
  encode: (writer, answer) => {
    writePartitions(writer.int32(0), answer, ({ errorCode, offset }) => writer.int64(offset).nullableString('').int16(errorCode));
    writer.int16(answer.errorCode);
  },
};

const findCoordinator: Api = {
  name: 'FindCoordinator',
  key: 10,
  min: 1,
  max: 1,
  decode: (reader) => {
    const key = reader.string();
    const transaction = reader.int8() === 1;
    return transaction
      ? { ...emptyBody, coordinatorType: 'transaction', transactionalId: key }
      : { ...emptyBody, coordinatorType: 'group', groupId: key };
  },
  encode: (writer, { errorCode, coordinator }) => {
    writer.int32(0).int16(errorCode).nullableString(null);
    writeBroker(writer, coordinator ?? { id: -1, host: '', port: -1 });
  },
};

export const logApis: readonly Api[] = [produce, listOffsets, metadata, offsetFetch, findCoordinator];
