import { type Api, readPartitions, writeErrorOnly, writePartitionErrors, writePartitions } from './api.ts';
import { type GroupMember, unknownMember } from './group-members.ts';
import { emptyBody, type RequestBody } from './protocol.ts';
import { type WireReader, type WireWriter } from './wire.ts';

const empty = Buffer.alloc(0);

const fetch: Api = {
  name: 'Fetch',
  key: 1,
  min: 4,
  max: 4,
  decode: (reader) => {
    reader.int32(); // replica id
    const maxWaitMs = reader.int32();
    reader.int32(); // min bytes
    reader.int32(); // max bytes
    const readCommitted = reader.int8() === 1;
    const partitions = readPartitions(reader, () => {
      const offset = reader.int64();
      reader.int32(); // max bytes
      return { offset };
    });
    return { ...emptyBody, maxWaitMs, readCommitted, partitions: partitions ?? [] };
  },
  encode: (writer, answer) => {
    writePartitions(writer.int32(0), answer, ({ errorCode, fetched }) => {
      writer
        .int16(errorCode)
        .int64(fetched?.highWatermark ?? -1)
        .int64(fetched?.lastStableOffset ?? -1)
        .int32(0) // aborted transactions: none are modelled
        .bytesOf32(fetched?.batches ?? empty);
    });
  },
};

const ofMember = (groupId: string, member: Partial<GroupMember>): RequestBody => ({
  ...emptyBody,
  groupId,
  member: { ...unknownMember, ...member },
});

const joinGroup: Api = {
  name: 'JoinGroup',
  key: 11,
  min: 2,
  max: 2,
  decode: (reader) => {
    const groupId = reader.string();
    reader.int32(); // session time-out
    reader.int32(); // rebalance time-out
    const memberId = reader.string();
    reader.string(); // protocol type
    const [first] = reader.array(() => ({ protocol: reader.string(), payload: reader.bytesOf32() }));
    return ofMember(groupId, { memberId, ...first });
  },
  encode: (writer, { errorCode, group = unknownMember }) => {
    const { generation, protocol, memberId, payload } = group;
    writer.int32(0).int16(errorCode).int32(generation).nullableString(protocol).nullableString(memberId).nullableString(memberId);
    writer.array(memberId === '' ? [] : [memberId], (_, id) => writer.nullableString(id).bytesOf32(payload));
  },
};

const syncGroup: Api = {
  name: 'SyncGroup',
  key: 14,
  min: 1,
  max: 1,
  decode: (reader) => {
    const { groupId, ...claim } = readClaim(reader);
    const [assignment] = reader.array(() => ({ memberId: reader.string(), payload: reader.bytesOf32() }));
    return ofMember(groupId, { ...claim, payload: assignment?.payload ?? empty });
  },
  encode: (writer, { errorCode, group }) =>
    void writer
      .int32(0)
      .int16(errorCode)
      .bytesOf32(group?.payload ?? empty),
};

const heartbeat: Api = {
  name: 'Heartbeat',
  key: 12,
  min: 1,
  max: 1,
  decode: (reader) => {
    const { groupId, ...claim } = readClaim(reader);
    return ofMember(groupId, claim);
  },
  encode: writeErrorOnly,
};

const leaveGroup: Api = {
  name: 'LeaveGroup',
  key: 13,
  min: 1,
  max: 1,
  decode: (reader) => ofMember(reader.string(), { memberId: reader.string() }),
  encode: writeErrorOnly,
};

const offsetCommit: Api = {
  name: 'OffsetCommit',
  key: 8,
  min: 3,
  max: 3,
  decode: (reader) => {
    const { groupId, ...claim } = readClaim(reader);
    reader.int64(); // retention
    const partitions = readPartitions(reader, () => ({ offset: reader.int64(), metadata: reader.nullableString() }));
    return { ...ofMember(groupId, claim), partitions: partitions ?? [] };
  },
  encode: (writer: WireWriter, answer) => writePartitionErrors(writer, answer),
};

function readClaim(reader: WireReader): { groupId: string; generation: number; memberId: string } {
  return { groupId: reader.string(), generation: reader.int32(), memberId: reader.string() };
}

export const consumerApis: readonly Api[] = [fetch, joinGroup, syncGroup, heartbeat, leaveGroup, offsetCommit];
