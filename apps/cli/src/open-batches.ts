import type { BatchTotals } from '@paceline/domain/reporting';
import { readTotals } from './batch-totals.ts';
import type { StackAccess } from './stack-access.ts';

/** Batches of an account that have rows without an outcome, or are still being read. */
export async function openBatches(access: StackAccess, account: string): Promise<readonly BatchTotals[]> {
  const totals = await readTotals(await access.log());
  return totals.filter((batch) => batch.account === account && !batch.complete);
}
