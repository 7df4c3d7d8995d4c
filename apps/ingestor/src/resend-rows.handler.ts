import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { groups } from '@paceline/contracts';
import type { Opening, PartitionTask } from '@paceline/pipeline';
import type { ResendDeps } from './resend-ports.ts';
import { ResendRowsTask } from './resend-rows.task.ts';
import { resendDeps } from './tokens.ts';

/** commands -> requests, refusals, batches. */
@Controller()
export class ResendRowsHandler {
  constructor(@Inject(resendDeps) private readonly deps: ResendDeps) {}

  @EventPattern<string>(groups.resend.id)
  open(@Payload() opening: Opening): PartitionTask {
    return new ResendRowsTask(opening, this.deps);
  }
}
