import { kafkaError } from './error-codes.ts';

/** What a request says of the member that sends it; what its kind does not carry is neutral. */
export interface GroupMember {
  /** Empty for one that joins for the first time. */
  readonly memberId: string;
  readonly generation: number;
  readonly protocol: string;
  /** JoinGroup: the metadata of the member. SyncGroup: the assignment by the leader. */
  readonly payload: Buffer;
}

export interface GroupAnswer extends GroupMember {
  readonly errorCode: number;
}

export const unknownMember: GroupMember = { memberId: '', generation: -1, protocol: '', payload: Buffer.alloc(0) };

const refused = (errorCode: number): GroupAnswer => ({ ...unknownMember, errorCode });

/** Groups of one member each, its own leader: who joins without an id takes the place of the member before. */
export class GroupMembers {
  readonly #members = new Map<string, GroupMember>();
  #named = 0;

  join(groupId: string, { memberId, protocol, payload }: GroupMember): GroupAnswer {
    const known = this.#members.get(groupId);
    if (memberId !== '' && memberId !== known?.memberId) return refused(kafkaError.unknownMemberId);
    const id = memberId === '' ? `member ${(this.#named += 1)}` : memberId;
    const member = { memberId: id, generation: (known?.generation ?? 0) + 1, protocol, payload };
    this.#members.set(groupId, member);
    return { ...member, errorCode: kafkaError.none };
  }

  sync(groupId: string, member: GroupMember): GroupAnswer {
    return { ...member, errorCode: this.check(groupId, member) };
  }

  leave(groupId: string, { memberId }: GroupMember): number {
    if (this.#members.get(groupId)?.memberId !== memberId) return kafkaError.unknownMemberId;
    this.#members.delete(groupId);
    return kafkaError.none;
  }

  check(groupId: string, { memberId, generation }: GroupMember): number {
    const known = this.#members.get(groupId);
    if (known?.memberId !== memberId) return kafkaError.unknownMemberId;
    return known.generation === generation ? kafkaError.none : kafkaError.illegalGeneration;
  }
}
