import { type Answer, type PartitionAnswer, type PartitionRequest, type RequestBody } from './protocol.ts';
import { type WireReader, type WireWriter } from './wire.ts';

export type ApiName =
  | 'Produce'
  | 'Fetch'
  | 'ListOffsets'
  | 'Metadata'
  | 'OffsetFetch'
  | 'OffsetCommit'
  | 'FindCoordinator'
  | 'JoinGroup'
  | 'SyncGroup'
  | 'Heartbeat'
  | 'LeaveGroup'
  | 'ApiVersions'
  | 'InitProducerId'
  | 'AddPartitionsToTxn'
  | 'AddOffsetsToTxn'
  | 'EndTxn'
  | 'TxnOffsetCommit';

/** One kind of request: its key, the versions that are implemented, its two codecs. */
export interface Api {
  readonly name: ApiName;
  readonly key: number;
  readonly min: number;
  readonly max: number;
  decode(reader: WireReader, version: number): RequestBody;
  encode(writer: WireWriter, answer: Answer, version: number): void;
}

export type PartitionDetail = Omit<PartitionRequest, 'topic' | 'partition'>;

export function readPartitions(
  reader: WireReader,
  detail: (reader: WireReader) => PartitionDetail = () => ({}),
): PartitionRequest[] | null {
  const topics = reader.nullableArray(() => {
    const topic = reader.string();
    return reader.array(() => ({ topic, partition: reader.int32(), ...detail(reader) }));
  });
  return topics?.flat() ?? null;
}

function byTopic(partitions: readonly PartitionAnswer[]): (readonly [string, PartitionAnswer[]])[] {
  return [...Map.groupBy(partitions, ({ topic }) => topic)];
}

export function writePartitions(writer: WireWriter, { partitions }: Answer, detail: (one: PartitionAnswer) => void): void {
  writer.array(byTopic(partitions), (_, [topic, own]) => {
    writer.nullableString(topic).array(own, (__, one) => {
      writer.int32(one.partition);
      detail(one);
    });
  });
}

export const writeErrorOnly = (writer: WireWriter, { errorCode }: Answer): void => {
  writer.int32(0).int16(errorCode);
};

export const writePartitionErrors = (writer: WireWriter, answer: Answer): void => {
  writePartitions(writer.int32(0), answer, ({ errorCode }) => writer.int16(errorCode));
};

export const readProducer = (reader: WireReader): Pick<RequestBody, 'producerId' | 'producerEpoch'> => ({
  producerId: reader.int64(),
  producerEpoch: reader.int16(),
});
