import { requestIdOf, type EventOf } from '@paceline/contracts';
import { admitRow, type AdmissionContext } from './admission.ts';
import { requestAdmitted, requestRefused, type BatchContext, type RefusedRowFacts } from './batch-events.ts';
import type { RawRow, RowFault } from './raw-row.ts';
import { shortText } from './record-bounds.ts';
import { draftRow, type DraftContext } from './row-draft.ts';
import { warningsOf } from './row-warnings.ts';
import type { Tally } from './tally.ts';

/** The events of one chunk, in row order per kind. */
export interface Chunk {
  readonly admitted: EventOf<'RequestAdmitted'>[];
  readonly refused: EventOf<'RequestRefused'>[];
}

export interface ChunkContext {
  readonly batch: BatchContext;
  readonly draft: DraftContext;
  readonly admission: AdmissionContext;
}

/** Our verdict on a stretch of rows: each row becomes exactly one event and is counted exactly once. */
export function admitRows(rows: readonly RawRow[], context: ChunkContext, tally: Tally): Chunk {
  const chunk: Chunk = { admitted: [], refused: [] };
  for (const raw of rows) admitOne(raw, context, { chunk, tally });
  return chunk;
}

function admitOne(raw: RawRow, context: ChunkContext, out: { readonly chunk: Chunk; readonly tally: Tally }): void {
  const { batch, draft, admission } = context;
  const refuse = (fault: RowFault, row: Pick<RefusedRowFacts, 'externalId' | 'uploaded'>): void => {
    const why = shortFault(fault);
    out.tally.refuse(raw, why);
    const requestId = requestIdOf(batch.batchId, raw.row);
    out.chunk.refused.push(requestRefused(batch, { requestId, row: raw.row, line: raw.line, fault: why, ...row }));
  };
  const drafted = draftRow(raw, draft);
  if ('fault' in drafted) return refuse(drafted.fault, { externalId: null, uploaded: drafted.uploaded });
  const verdict = admitRow(drafted.draft, { row: raw.row, line: raw.line, now: batch.now }, admission);
  for (const warning of warningsOf(drafted.draft, verdict.admitted ? verdict.extra : [])) out.tally.warn(warning);
  if (!verdict.admitted) {
    return refuse(verdict.fault, { externalId: drafted.draft.own.ExternalId ?? null, uploaded: drafted.draft.uploaded });
  }
  out.tally.admit(verdict.request.cost);
  out.chunk.admitted.push(requestAdmitted(batch, verdict.request));
}

/** Columns of JSON rows may have any name. */
const shortFault = ({ code, column, reason }: RowFault): RowFault => ({
  ...{ code, reason: shortText(reason) },
  column: column === null ? null : shortText(column),
});
