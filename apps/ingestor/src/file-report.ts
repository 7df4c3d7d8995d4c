import type { FileFound } from '@paceline/contracts';
import type { BatchState } from '@paceline/domain/ingest';
import type { Companion, Settlement } from '@paceline/adapter-objects';
import type { RefusedRows } from './refused-rows.ts';

export interface ReportSubject {
  readonly found: FileFound;
  readonly batchId: string;
  readonly state: BatchState;
  /** False: reading was stopped by a cancellation. */
  readonly complete: boolean;
  readonly duplicate: boolean;
}

/** What a person finds beside a processed file. */
export function reportOf({ found, batchId, state, complete, duplicate }: ReportSubject): string {
  const { rows, admitted, refused, segments, reasons, warnings, firstRefused } = state.totals;
  const report = {
    schemaVersion: 1,
    batchId,
    file: found.name,
    location: found.location,
    account: found.account,
    source: found.source,
    runId: state.runId,
    fileHash: found.fileHash,
    end: duplicate ? 'duplicate' : state.status,
    complete,
    rows,
    admitted,
    refused,
    segments,
    reasons,
    warnings,
    firstRefused,
    refusal: state.refusal,
    ...(duplicate ? { firstSeenAt: state.location } : {}),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Where the file goes and what goes beside it. Refused rows stand in the shape they were uploaded in. */
export function settlementOf(subject: ReportSubject, refusedRows: RefusedRows | null): Settlement {
  const { found, batchId, state } = subject;
  const companions: Companion[] = [{ suffix: '.report.json', content: reportOf(subject) }];
  if (refusedRows !== null && refusedRows.bytes > 0) companions.push({ suffix: '.refused.csv', content: { path: refusedRows.path } });
  return {
    location: found.location,
    etag: found.etag,
    shelf: state.status === 'refused' ? 'refused' : 'done',
    mark: batchId.slice(0, 8),
    companions,
  };
}
