import { event, metaOf, type EventOf } from '@paceline/contracts';
import type { PartitionPacing } from './partition-pacing.ts';
import type { Waiting } from './waiting.ts';

/** A few hundred a slice, so that no transaction grows with the backlog. */
const mostCarried = 400;

/**
 * The oldest waiting rows, taken out of the backlog to be appended again: an old record that waits pins everything after
 * it. Nothing is carried for a backlog that is merely large: only when what is done with outweighs what waits, so that
 * each row granted pays for at most one carried.
 */
export function takeCarried(pacing: PartitionPacing): readonly Waiting[] {
  const { released, size, terms } = pacing;
  const spared = Math.max(terms.carrySpan, size);
  if (released.position - released.lowest - size <= spared) return [];
  return pacing.takeBelow(released.position - spared, mostCarried);
}

/**
 * The row as it waits, at the end of the log; its instant stays the one at which it began to wait, so that its turn and age
 * go on. Every carrying has its own id: the offset it comes from is used once.
 */
export function requestCarriedOf({ request, attempt, backoff, notBefore, since, offset, causationId }: Waiting): EventOf<'RequestCarried'> {
  const meta = metaOf('RequestCarried', {
    natural: [request.requestId, attempt, offset],
    at: since,
    correlationId: request.batchId,
    causationId,
  });
  return event('RequestCarried', { meta, request, attempt, backoff, notBefore: notBefore === 0 ? null : notBefore });
}
