/** The slots partitions this process owns now; it sets the share of every account's cap. */
export class OwnedPartitions {
  readonly #epochs = new Map<number, number>();

  constructor(readonly total: number) {}

  get count(): number {
    return this.#epochs.size;
  }

  take(partition: number, epoch: number): void {
    this.#epochs.set(partition, epoch);
  }

  /** Gives up this opening's hold; a newer opening of the same partition keeps its own. */
  giveUp(partition: number, epoch: number): void {
    if (this.#epochs.get(partition) === epoch) this.#epochs.delete(partition);
  }

  entries(): readonly { readonly partition: number; readonly epoch: number }[] {
    return [...this.#epochs].map(([partition, epoch]) => ({ partition, epoch }));
  }
}
