import { hashId, type FileFormat, type Micros, type ResendRequested } from '@paceline/contracts';
import type { IngestTotals } from '../ingest/tally.ts';

/** The file whose rows are called again, as its batch was admitted. */
export interface ResentFile {
  readonly account: string;
  readonly source: string;
  readonly name: string;
  readonly fileHash: string;
  readonly format: FileFormat;
}

/** A resend that was planned: how far it is. Its rows are kept beside it, in blocks. */
export interface ResendRun {
  readonly batchId: string;
  readonly resendOf: string;
  readonly resendId: string;
  /** From 1, in the order in which they were planned. */
  readonly generation: number;
  readonly file: ResentFile;
  readonly expiresAt: Micros | null;
  readonly by: string;
  readonly reason: string;
  /** Event id of the command. */
  readonly causedBy: string;
  readonly status: 'reading' | 'over';
  readonly totals: IngestTotals;
}

/** The same command is the same batch, however often it is delivered. */
export const resendBatchIdOf = (batchId: string, resendId: string): string => hashId('resend', batchId, resendId);

/** A command's own id: who asked for what of which batch, and when. */
export const resendIdOf = (command: Omit<ResendRequested, 'meta' | 'resendId'>, at: Micros): string => {
  const { batchId, outcomes, codes, since, expiresAt, by } = command;
  return hashId('resend-id', batchId, outcomes.join(), codes.join(), since ?? '', expiresAt ?? '', by, at).slice(0, 16);
};

const runPrefix = 'run:';

export const runKeyOf = (batchId: string): string => `${runPrefix}${batchId}`;

export const encodeRun = (run: ResendRun): string => JSON.stringify({ v: 1, ...run });

export const decodeRun = (text: string): ResendRun => JSON.parse(text) as ResendRun;

/** Rows of a run by their numbers in the original: chosen for good; not yet admitted; refused, so back where they were. */
export const rowKinds = ['planned', 'left', 'undone'] as const;
export type RowKind = (typeof rowKinds)[number];

export const blockKeyOf = (kind: RowKind, batchId: string, block: number): string => `${kind}:${batchId}:${block}`;
