import type { DisposalRules } from '@paceline/domain/sending';
import type { Opening, PartitionTask } from '@paceline/pipeline';
import type { OwnedPartitions } from './owned-partitions.ts';
import { SlotDisposal, type SlotDisposalOptions } from './slot-disposal.ts';
import { SlotTask, type SlotTaskOptions } from './slot-task.ts';

export type SlotTasksOptions = Omit<SlotTaskOptions, 'disposal' | 'onEnd'> &
  SlotDisposalOptions & { readonly rules: DisposalRules; readonly owned: OwnedPartitions };

/** Opens one task per opening of a slots partition; all of them share the process's places, calls and outbox. */
export class SlotTasks {
  readonly #disposal: SlotDisposal;

  constructor(private readonly options: SlotTasksOptions) {
    this.#disposal = new SlotDisposal(options);
  }

  open(opening: Opening): PartitionTask {
    const { partition, epoch } = opening;
    const { owned } = this.options;
    owned.take(partition, epoch);
    return new SlotTask(opening, { ...this.options, disposal: this.#disposal, onEnd: () => owned.giveUp(partition, epoch) });
  }
}
