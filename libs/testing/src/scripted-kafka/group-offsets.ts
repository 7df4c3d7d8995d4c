import { type PartitionRequest, partitionKey, type TopicPartition } from './protocol.ts';

type Offsets = Map<string, number>;

/** What groups have committed, and what transactions that have not ended will commit. */
export class GroupOffsets {
  readonly #committed = new Map<string, Offsets>();
  readonly #pending = new Map<string, Offsets>();

  addPending(groupId: string, producerId: number, partitions: readonly PartitionRequest[]): void {
    const key = `${producerId} ${groupId}`;
    const pending = this.#pending.get(key) ?? new Map<string, number>();
    for (const partition of partitions) pending.set(partitionKey(partition), partition.offset ?? -1);
    this.#pending.set(key, pending);
  }

  end(groupId: string, producerId: number, commit: boolean): void {
    const key = `${producerId} ${groupId}`;
    const pending = this.#pending.get(key);
    this.#pending.delete(key);
    if (!commit || pending === undefined) return;
    this.#committed.set(groupId, new Map([...(this.#committed.get(groupId) ?? []), ...pending]));
  }

  /** -1 where the group has committed nothing. */
  offsetOf(groupId: string, partition: TopicPartition): number {
    return this.#committed.get(groupId)?.get(partitionKey(partition)) ?? -1;
  }

  /** By `topic/partition`. */
  of(groupId: string): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#committed.get(groupId) ?? []);
  }
}
