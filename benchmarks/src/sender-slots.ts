// Slots as the pacer grants them, put straight into the topic: slice by slice, the usual lead ahead of their instants.
import { attemptIdOf, event, metaOf, recordOf, type EventOf, type Request } from '@paceline/contracts';
import type { OutputRecord } from '@paceline/pipeline';
import { benchAccount, type SenderWorld } from './sender-world.ts';
import { rowRecords, senderNumber } from './world/bench-rows.ts';
import { nowMicros } from './world/bench-world.ts';

const leadMicros = 700_000;
const sliceMicros = 100_000;

export interface PlannedSlot {
  readonly attemptId: string;
  readonly slotAt: number;
  readonly record: OutputRecord;
}

export interface SlotPlan {
  readonly batchId: string;
  readonly rate: number;
  readonly seconds: number;
  /** UTC microseconds. */
  readonly firstAt: number;
}

export function slotOf(request: Request, slotAt: number, number: number): PlannedSlot {
  const { requestId, batchId } = request;
  const meta = metaOf('SlotGranted', { natural: [request.account, number], at: slotAt - leadMicros, correlationId: batchId });
  const granted: EventOf<'SlotGranted'> = event('SlotGranted', {
    ...{ meta, request, attempt: 1, backoff: { throttles: 0, since: null } },
    ...{ slotAt, number, era: 1, cost: request.cost },
  });
  const headers = { requestId, batchId, attempt: '1' };
  return { attemptId: attemptIdOf(requestId, 1), slotAt, record: recordOf(granted, headers) };
}

/** Evenly spaced slots of rows with recipients of their own. */
export function plannedSlots({ batchId, rate, seconds, firstAt }: SlotPlan, contactKey: string): PlannedSlot[] {
  const rows = Math.round(rate * seconds);
  const senders = Array.from({ length: 20 }, (_, n) => senderNumber(n));
  const admitted = rowRecords({ weight: 1, rows, senders, costs: [1] }, { account: benchAccount.name, batchId, contactKey, now: firstAt });
  return admitted.map(({ event: { data } }, index) =>
    slotOf((data as EventOf<'RequestAdmitted'>['data']).request, firstAt + Math.round((index * 1_000_000) / rate), index + 1),
  );
}

/** Those of each slice together. Slots are in the order of their instants. */
function slicesOf(slots: readonly PlannedSlot[]): PlannedSlot[][] {
  const slices: PlannedSlot[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const slot of slots) {
    if (slot.slotAt >= end) {
      slices.push([]);
      end = slot.slotAt + sliceMicros;
    }
    slices.at(-1)?.push(slot);
  }
  return slices;
}

/** Writes each slice when the pacer would; resolves when the last is written. */
export async function grant(world: SenderWorld, slots: readonly PlannedSlot[]): Promise<void> {
  for (const slice of slicesOf(slots)) {
    await world.wait(((slice[0]?.slotAt ?? 0) - leadMicros - nowMicros()) / 1_000);
    await world.write(slice.map(({ record }) => record));
  }
}
