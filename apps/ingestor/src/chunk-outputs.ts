import { shortCells, type Chunk } from '@paceline/domain/ingest';
import { recordOf, type Event, type EventOf } from '@paceline/contracts';
import type { OutputRecord } from '@paceline/pipeline';
import type { RowTracer } from './row-tracer.ts';

/** The records of a chunk: requests by account, refusals by batch. */
export function rowOutputs(chunk: Chunk, tracer: RowTracer): OutputRecord[] {
  return [
    ...chunk.admitted.map((event) => recordOf(event, tracer.headersOf(event.data.request))),
    ...chunk.refused.map((event) => recordOf(fitting(event), { requestId: event.data.requestId, batchId: event.data.batchId })),
  ];
}

/** What a row may hold is not bounded until it is admitted. */
function fitting(event: EventOf<'RequestRefused'>): EventOf<'RequestRefused'> {
  const { uploaded, externalId } = event.data;
  const [shortId = null] = externalId === null ? [] : shortCells([externalId]);
  return { ...event, data: { ...event.data, uploaded: shortCells(uploaded), externalId: shortId } };
}

/** A fact about a whole batch. */
export const batchOutput = (event: Event & { data: { readonly batchId: string } }, trace: Readonly<Record<string, string>>): OutputRecord =>
  recordOf(event, { ...trace, batchId: event.data.batchId });
