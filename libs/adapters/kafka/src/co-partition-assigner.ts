import { AssignerProtocol, type GroupMember, type PartitionAssigner } from 'kafkajs';

const { MemberAssignment, MemberMetadata } = AssignerProtocol;
const name = 'paceline-co-partition';

interface Member {
  readonly id: string;
  readonly owned: readonly number[];
  readonly since: number;
  readonly take: number[];
}

interface Remembered {
  owned?: number[];
  since?: number;
}

function memberOf({ memberId, memberMetadata }: GroupMember): Member {
  const decoded = MemberMetadata.decode(memberMetadata);
  let remembered: Remembered = {};
  try {
    remembered = JSON.parse(decoded?.userData.toString() ?? '{}') as Remembered;
  } catch {
    // A member of another build: it owned nothing that we could keep for it.
  }
  return { id: memberId, owned: remembered.owned ?? [], since: remembered.since ?? 0, take: [] };
}

/** The newest claim on a partition wins, so a zombie's older memory never takes it back. */
function newestClaims(members: readonly Member[]): Map<number, Member> {
  const claims = new Map<number, Member>();
  for (const member of members) {
    for (const partition of member.owned) {
      const rival = claims.get(partition);
      if (rival === undefined || rival.since < member.since) claims.set(partition, member);
    }
  }
  return claims;
}

/** Even shares; each partition stays where it was while that member has room. Pure, deterministic. */
export function sharePartitions(members: readonly Member[], partitions: readonly number[]): void {
  const claims = newestClaims(members);
  const least = Math.floor(partitions.length / members.length);
  let extra = partitions.length % members.length;
  const hasRoom = (member: Member): boolean => member.take.length < least || (member.take.length === least && extra > 0);
  const give = (member: Member, partition: number): void => {
    if (member.take.length === least) extra -= 1;
    member.take.push(partition);
  };
  const homeless: number[] = [];
  for (const partition of partitions) {
    const claimant = claims.get(partition);
    if (claimant !== undefined && hasRoom(claimant)) give(claimant, partition);
    else homeless.push(partition);
  }
  for (const partition of homeless) {
    const [roomiest] = members.filter(hasRoom).sort((a, b) => a.take.length - b.take.length);
    if (roomiest !== undefined) give(roomiest, partition);
  }
}

/**
 * Partition p of every topic of the group goes to one member, and stays there across rebalances where it can.
 * A member's memory travels as user data of its join request, because kafkajs drops that of an assignment.
 */
export class CoPartitionAssigner {
  #owned: number[] = [];
  #since = 0;

  /** Called at GROUP_JOIN with what this member now holds. */
  remember(partitions: readonly number[], nowMs: number): void {
    this.#owned = [...partitions];
    this.#since = nowMs;
  }

  readonly factory: PartitionAssigner = ({ cluster }) => ({
    name,
    version: 0,
    protocol: ({ topics }) => ({
      name,
      metadata: MemberMetadata.encode({
        version: 0,
        topics,
        userData: Buffer.from(JSON.stringify({ owned: this.#owned, since: this.#since })),
      }),
    }),
    assign: ({ members, topics }) => {
      const ofTopic = new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map((m) => m.partitionId)]));
      const all = [...new Set([...ofTopic.values()].flat())].sort((a, b) => a - b);
      const sorted = members.map(memberOf).sort((a, b) => (a.id < b.id ? -1 : 1));
      sharePartitions(sorted, all);
      return Promise.resolve(
        sorted.map((member) => ({
          memberId: member.id,
          memberAssignment: MemberAssignment.encode({
            version: 0,
            assignment: Object.fromEntries(
              topics.map((topic) => [topic, member.take.filter((p) => ofTopic.get(topic)?.includes(p) === true)]),
            ),
            userData: Buffer.alloc(0),
          }),
        })),
      );
    },
  });
}
