import { event, metaOf, type EventOf, type Micros } from '@paceline/contracts';
import type { Grant } from './slice.ts';

/** The slot of a grant. Its id follows from the number, which no other slot of the account ever bears. */
export function slotGrantedOf({ item, slotAt, number, era, cost }: Grant, now: Micros): EventOf<'SlotGranted'> {
  const { request, attempt, backoff, causationId } = item;
  const { account, batchId } = request;
  const meta = metaOf('SlotGranted', { natural: [account, number], at: now, correlationId: batchId, causationId });
  return event('SlotGranted', { meta, request, attempt, backoff, slotAt, number, era, cost });
}
