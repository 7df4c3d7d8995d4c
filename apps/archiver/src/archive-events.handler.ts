import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { groups } from '@paceline/contracts';
import type { Opening, PartitionTask } from '@paceline/pipeline';
import { ArchiveTask, type ArchiveTaskOptions } from './archive-task.ts';

export const archiveOptions = Symbol('archive options');

/** Every topic but the changelogs and the users' own intake, partition by partition, into the event tables. */
@Controller()
export class ArchiveEventsHandler {
  readonly #options: Omit<ArchiveTaskOptions, 'opening'>;

  constructor(@Inject(archiveOptions) options: Omit<ArchiveTaskOptions, 'opening'>) {
    this.#options = options;
  }

  @EventPattern<string>(groups.archiver.id)
  open(@Payload() opening: Opening): PartitionTask {
    return new ArchiveTask({ ...this.#options, opening });
  }
}
