import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { groups } from '@paceline/contracts';
import type { Opening, PartitionTask } from '@paceline/pipeline';
import type { SlotTasks } from './slot-tasks.ts';

export const slotTasks = Symbol('SlotTasks');

/** Slots in; claims, returns and outcomes out, then the calls and their responses. */
@Controller()
export class SendSlotsHandler {
  constructor(@Inject(slotTasks) private readonly tasks: SlotTasks) {}

  @EventPattern<string>(groups.sender.id)
  open(@Payload() opening: Opening): PartitionTask {
    return this.tasks.open(opening);
  }
}
