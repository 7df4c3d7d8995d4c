import { type Asked, coordination, eachPartition, leadership, type RequestRule } from './asked.ts';
import { kafkaError } from './error-codes.ts';
import { type GroupAnswer, type GroupMember, unknownMember } from './group-members.ts';
import { answerOf, emptyAnswer, partitionAnswer, type PartitionAnswer, type PartitionRequest } from './protocol.ts';
import { encodeLoggedBatch } from './record-encoding.ts';

function fetched(asked: Asked, at: PartitionRequest): PartitionAnswer {
  const wrongBroker = leadership(asked, at);
  if (wrongBroker !== kafkaError.none) return partitionAnswer(at, wrongBroker);
  const log = asked.state.logOf(at.topic, at.partition);
  const offset = at.offset ?? 0;
  if (offset > log.end) return partitionAnswer(at, kafkaError.offsetOutOfRange);
  const end = asked.body.readCommitted ? log.lastStableOffset : log.end;
  const batches = log.batches.filter((batch) => batch.baseOffset + batch.count > offset && batch.baseOffset < end);
  const records = {
    highWatermark: log.end,
    lastStableOffset: log.lastStableOffset,
    batches: Buffer.concat(batches.map(encodeLoggedBatch)),
  };
  return { ...partitionAnswer(at, kafkaError.none), fetched: records };
}

interface Membership {
  readonly groupId: string;
  readonly member: GroupMember;
}

/** For requests of a member to the coordinator of its group. */
const byMember =
  (rule: (asked: Asked, membership: Membership) => number | GroupAnswer): RequestRule =>
  (asked) => {
    const { groupId, member = unknownMember } = asked.body;
    const wrongBroker = coordination(asked, 'group', groupId);
    if (wrongBroker !== kafkaError.none) return answerOf(wrongBroker);
    const result = rule(asked, { groupId: groupId ?? '', member });
    return typeof result === 'number' ? answerOf(result) : { ...answerOf(result.errorCode), group: result };
  };

const commitOffsets: RequestRule = (asked) => {
  const { groupId, member = unknownMember, partitions } = asked.body;
  const { members, offsets } = asked.state;
  const id = groupId ?? '';
  const wrongBroker = coordination(asked, 'group', groupId);
  const refused = wrongBroker === kafkaError.none ? members.check(id, member) : wrongBroker;
  if (refused === kafkaError.none) {
    offsets.addPending(id, unknownMember.generation, partitions);
    offsets.end(id, unknownMember.generation, true);
  }
  return eachPartition(refused, asked.body);
};

/** What consumers ask. */
export const consumerRules = {
  Fetch: (asked) => ({ ...emptyAnswer, partitions: asked.body.partitions.map((one) => fetched(asked, one)) }),
  JoinGroup: byMember(({ state }, { groupId, member }) => state.members.join(groupId, member)),
  SyncGroup: byMember(({ state }, { groupId, member }) => state.members.sync(groupId, member)),
  Heartbeat: byMember(({ state }, { groupId, member }) => state.members.check(groupId, member)),
  LeaveGroup: byMember(({ state }, { groupId, member }) => state.members.leave(groupId, member)),
  OffsetCommit: commitOffsets,
} satisfies Record<string, RequestRule>;
