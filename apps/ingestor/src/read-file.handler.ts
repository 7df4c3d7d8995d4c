import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { groups } from '@paceline/contracts';
import type { Opening, PartitionTask } from '@paceline/pipeline';
import type { IngestDeps } from './ports.ts';
import { ReadFileTask } from './read-file.task.ts';
import { ingestDeps } from './tokens.ts';

/** files -> requests, refusals, batches. */
@Controller()
export class ReadFileHandler {
  constructor(@Inject(ingestDeps) private readonly deps: IngestDeps) {}

  @EventPattern<string>(groups.ingestor.id)
  open(@Payload() opening: Opening): PartitionTask {
    return new ReadFileTask(opening, this.deps);
  }
}
