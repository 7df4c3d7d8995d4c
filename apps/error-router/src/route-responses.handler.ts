import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { groups } from '@paceline/contracts';
import type { Opening, PartitionTask } from '@paceline/pipeline';
import { RouteResponsesTask, type RouterParts } from './route-responses.task.ts';

export const routerParts = Symbol('RouterParts');

/** Attempts and responses in; retries, outcomes, suppressions and counts out. */
@Controller()
export class RouteResponsesHandler {
  constructor(@Inject(routerParts) private readonly parts: RouterParts) {}

  @EventPattern<string>(groups['error-router'].id)
  open(@Payload() opening: Opening): PartitionTask {
    return new RouteResponsesTask(opening, this.parts);
  }
}
