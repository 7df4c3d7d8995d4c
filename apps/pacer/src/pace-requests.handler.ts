import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { groups } from '@paceline/contracts';
import type { Opening, PartitionTask } from '@paceline/pipeline';
import type { PacerParts } from './pacer-parts.ts';
import { PacingTask } from './pacing.task.ts';

export const pacerParts = Symbol('PacerParts');

/** Requests in; slots and closed rows out. */
@Controller()
export class PaceRequestsHandler {
  constructor(@Inject(pacerParts) private readonly parts: PacerParts) {}

  @EventPattern<string>(groups.pacer.id)
  open(@Payload() opening: Opening): PartitionTask {
    return new PacingTask(opening, this.parts);
  }
}
