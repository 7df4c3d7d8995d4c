import { noRows, type IngestTotals } from './tally.ts';

/** How far a batch was read: the cursor of the last committed chunk, kept in the task's changelog. */
export interface BatchState {
  readonly status: 'reading' | 'read' | 'refused';
  readonly fileHash: string;
  readonly runId: string;
  /** The file instance it was read from: where, and which version of it. */
  readonly location: string;
  readonly etag: string | null;
  readonly columns: readonly string[];
  readonly totals: IngestTotals;
  /** Bytes of the refused-rows file that belong to committed rows. */
  readonly refusedBytes: number;
  /** Why it was refused, when it was. */
  readonly refusal: { readonly code: string; readonly reason: string; readonly line: number | null } | null;
}

const unread: BatchState = {
  status: 'reading',
  fileHash: '',
  runId: '',
  location: '',
  etag: null,
  columns: [],
  totals: noRows,
  refusedBytes: 0,
  refusal: null,
};

export const stateKeyOf = (batchId: string): string => `batch:${batchId}`;

export const encodeState = (state: BatchState): string => JSON.stringify({ v: 1, ...state });

/** Reads a state of this or an earlier version; fields added later have defaults. */
export function decodeState(text: string): BatchState {
  const found = JSON.parse(text) as Partial<BatchState>;
  return { ...unread, ...found, totals: { ...noRows, ...found.totals } };
}
