import { event, metaOf, type EventOf, type FileFound, type FileFormat, type Request } from '@paceline/contracts';
import type { FileFault, RowFault } from './raw-row.ts';
import type { IngestTotals } from './tally.ts';

/** The batch an event belongs to, and when and because of what it is written. */
export interface BatchContext {
  readonly batchId: string;
  readonly account: string;
  readonly source: string;
  readonly name: string;
  readonly location: string;
  readonly fileHash: string;
  readonly runId: string;
  readonly format: FileFormat;
  /** Event id of the FileFound; null for the intake topic. */
  readonly causedBy: string | null;
  readonly now: number;
}

const meta = (type: Parameters<typeof metaOf>[0], { batchId, causedBy, now }: BatchContext, ...natural: (string | number)[]) =>
  metaOf(type, { natural, at: now, correlationId: batchId, causationId: causedBy });

export function batchAdmitted(batch: BatchContext, columns: readonly string[]): EventOf<'BatchAdmitted'> {
  const { batchId, account, source, name, location, fileHash, runId, format } = batch;
  return event('BatchAdmitted', {
    meta: meta('BatchAdmitted', batch, batchId),
    batchId,
    account,
    source,
    name,
    location,
    fileHash,
    runId,
    format,
    columns,
  });
}

export function batchProgressed(batch: BatchContext, { rows, admitted, refused }: IngestTotals): EventOf<'BatchProgressed'> {
  const { batchId, account } = batch;
  return event('BatchProgressed', { meta: meta('BatchProgressed', batch, batchId, rows), batchId, account, rows, admitted, refused });
}

/** `complete` false: reading stopped for good, or until the same content is dropped again. */
export function batchRead(batch: BatchContext, totals: IngestTotals, complete: boolean): EventOf<'BatchRead'> {
  const { batchId, account } = batch;
  const { rows, admitted, refused, segments, reasons, warnings } = totals;
  return event('BatchRead', {
    meta: meta('BatchRead', batch, batchId, rows, complete ? 'complete' : 'stopped'),
    batchId,
    account,
    rows,
    admitted,
    refused,
    segments,
    reasons,
    warnings,
    complete,
  });
}

/** Says what was admitted before the refusal: nothing after that was. */
export function batchRefused(batch: BatchContext, fault: FileFault, totals: IngestTotals): EventOf<'BatchRefused'> {
  const { batchId, account, source, name, location, causedBy } = batch;
  const before = totals.rows === 0 ? 'nothing was admitted' : `rows 1 to ${totals.rows} were read before (${totals.admitted} admitted)`;
  return event('BatchRefused', {
    meta: meta('BatchRefused', batch, batchId, causedBy ?? ''),
    batchId,
    account,
    source,
    name,
    location,
    code: fault.code,
    reason: `${fault.reason}; ${before}`,
    line: fault.line,
  });
}

export function duplicateFileSeen(batch: BatchContext): EventOf<'DuplicateFileSeen'> {
  const { batchId, account, source, name, location, causedBy } = batch;
  return event('DuplicateFileSeen', {
    meta: meta('DuplicateFileSeen', batch, batchId, causedBy ?? ''),
    batchId,
    account,
    source,
    name,
    location,
  });
}

export const requestAdmitted = (batch: BatchContext, request: Request): EventOf<'RequestAdmitted'> =>
  event('RequestAdmitted', { meta: meta('RequestAdmitted', batch, request.requestId), request });

export interface RefusedRowFacts {
  readonly requestId: string;
  readonly row: number;
  readonly line: number;
  readonly fault: RowFault;
  readonly externalId: string | null;
  readonly uploaded: readonly string[];
}

export function requestRefused(batch: BatchContext, facts: RefusedRowFacts): EventOf<'RequestRefused'> {
  const { requestId, row, line, fault, externalId, uploaded } = facts;
  return event('RequestRefused', {
    meta: meta('RequestRefused', batch, requestId),
    batchId: batch.batchId,
    account: batch.account,
    requestId,
    row,
    line,
    externalId,
    uploaded,
    column: fault.column,
    code: fault.code,
    reason: fault.reason,
  });
}

export type FoundFacts = Omit<FileFound, 'meta'>;

/** The same version of a file at the same place is the same fact, however often it is seen. */
export function fileFound(facts: FoundFacts, now: number): EventOf<'FileFound'> {
  const { fileHash, account, runId, location, etag } = facts;
  const natural = [fileHash, account, runId, location, etag ?? ''];
  return event('FileFound', { meta: metaOf('FileFound', { natural, at: now, correlationId: fileHash }), ...facts });
}
