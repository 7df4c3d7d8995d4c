import type { Chunk } from '@paceline/domain/ingest';
import type { Event } from '@paceline/contracts';
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
      event,
      headers: { requestId: event.data.requestId, batchId: event.data.batchId },
    })),
  ];
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
