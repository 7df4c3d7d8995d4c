import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { groups } from '@paceline/contracts';
import type { Opening, PartitionTask } from '@paceline/pipeline';
import { AlertingTask, type AlertingParts } from './alerting.task.ts';

export const alertingParts = Symbol('AlertingParts');

/** Signals, dead letters and the controls in; alerts out, as events and as messages to webhooks. */
@Controller()
export class AlertingHandler {
  constructor(@Inject(alertingParts) private readonly parts: AlertingParts) {}

  @EventPattern<string>(groups.alerts.id)
  open(@Payload() opening: Opening): PartitionTask {
    return new AlertingTask(opening, this.parts);
  }
}
