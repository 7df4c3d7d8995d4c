import { batchIdOf, type FileFound } from '@paceline/contracts';
import type { BatchState } from './batch-state.ts';

export type SameContent = 'refuse' | 'newRun' | 'allow';

/** What to do with a found file. */
export type FileDecision =
  /** Read it from the row after the last committed one. */
  | { readonly act: 'read'; readonly batchId: string; readonly runId: string; readonly from: BatchState | null }
  /** Another file with content that was already processed: say so, send nothing. */
  | { readonly act: 'duplicate'; readonly batchId: string; readonly runId: string; readonly known: BatchState }
  /** This very file is finished; only its move to done/ may be missing. */
  | { readonly act: 'tidy'; readonly batchId: string; readonly runId: string; readonly known: BatchState };

/**
 * Content that was read to its end is never sent again for the same account and run, whatever its name. What was
 * begun or refused goes on after its last committed row: request ids follow from content and row, so none is made twice.
 */
export function decideFile(found: FileFound, knownOf: (batchId: string) => BatchState | undefined, sameContent: SameContent): FileDecision {
  const first = decideRun(found, found.runId, knownOf);
  if (first.act !== 'duplicate' || sameContent === 'refuse') return first;
  return decideRun(found, `${found.runId === '' ? 'again' : found.runId}-${found.meta.eventId.slice(0, 12)}`, knownOf);
}

function decideRun(found: FileFound, runId: string, knownOf: (batchId: string) => BatchState | undefined): FileDecision {
  const batchId = batchIdOf(found.fileHash, found.account, runId);
  const known = knownOf(batchId);
  if (known === undefined || known.status === 'reading') return { act: 'read', batchId, runId, from: known ?? null };
  const sameFile = known.location === found.location && known.etag === found.etag;
  if (sameFile) return { act: 'tidy', batchId, runId, known };
  if (known.status === 'refused') return { act: 'read', batchId, runId, from: known };
  return { act: 'duplicate', batchId, runId, known };
}
