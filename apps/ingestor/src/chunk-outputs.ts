import { shortCells, type Chunk } from '@paceline/domain/ingest';
import type { Event, EventOf } from '@paceline/contracts';
import type { OutputRecord } from '@paceline/pipeline';
import type { RowTracer } from './row-tracer.ts';

/** The records of a chunk: requests by account, refusals by batch. */
export function rowOutputs(chunk: Chunk, tracer: RowTracer): OutputRecord[] {
  return [
    ...chunk.admitted.map((event): OutputRecord => ({
      topic: 'paceline.requests',
      key: event.data.request.account,
      event,
      headers: tracer.headersOf(event.data.request),
    })),
    ...chunk.refused.map((event): OutputRecord => ({
      topic: 'paceline.refusals',
      key: event.data.batchId,
      event: fitting(event),
      headers: { requestId: event.data.requestId, batchId: event.data.batchId },
    })),
  ];
}

/** What a row may hold is not bounded until it is admitted. */
function fitting(event: EventOf<'RequestRefused'>): EventOf<'RequestRefused'> {
  const { uploaded, externalId } = event.data;
  const [shortId = null] = externalId === null ? [] : shortCells([externalId]);
  return { ...event, data: { ...event.data, uploaded: shortCells(uploaded), externalId: shortId } };
}

/** A fact about a whole batch. */
export const batchOutput = (
  event: Event & { data: { readonly batchId: string } },
  trace: Readonly<Record<string, string>>,
): OutputRecord => ({
  topic: 'paceline.batches',
  key: event.data.batchId,
  event,
  headers: { ...trace, batchId: event.data.batchId },
});
