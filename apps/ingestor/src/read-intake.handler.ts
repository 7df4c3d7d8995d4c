import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { groups } from '@paceline/contracts';
import type { Opening, PartitionTask } from '@paceline/pipeline';
import type { IngestDeps } from './ports.ts';
import { ReadIntakeTask } from './read-intake.task.ts';
import { ingestDeps } from './tokens.ts';

/** intake -> requests, refusals, batches. */
@Controller()
export class ReadIntakeHandler {
  constructor(@Inject(ingestDeps) private readonly deps: IngestDeps) {}

  @EventPattern<string>(groups.intake.id)
  open(@Payload() opening: Opening): PartitionTask {
    return new ReadIntakeTask(opening, this.deps);
  }
}
