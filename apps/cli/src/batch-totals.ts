import type { KafkaLogReader } from '@paceline/adapter-kafka';
import type { TopicName } from '@paceline/contracts';
import { BatchFold, type BatchTotals } from '@paceline/domain/reporting';
import { CliError, exitCodes } from './exit-code.ts';

/** Everything that says what became of a row; the report and the live counters fold exactly these. */
export const foldedTopics: readonly TopicName[] = [
  'paceline.batches',
  'paceline.refusals',
  'paceline.requests',
  'paceline.attempts',
  'paceline.responses',
  'paceline.outcomes',
];

export async function readTotals(log: KafkaLogReader): Promise<readonly BatchTotals[]> {
  const fold = new BatchFold();
  await log.readToEnd(foldedTopics, ({ event }) => fold.apply(event));
  return fold.totals();
}

/** The batches asked for: all, or the one whose id begins so. */
export function chosen(totals: readonly BatchTotals[], batch: string | undefined): readonly BatchTotals[] {
  if (batch === undefined) return totals;
  const found = totals.filter(({ batchId }) => batchId.startsWith(batch));
  if (found.length === 0) throw new CliError(`no batch ${batch}; \`paceline status\` lists them`, exitCodes.usage);
  return found;
}

/** One line of `status`. */
export function statusRow(totals: BatchTotals): Record<string, string | number | boolean | null> {
  const { batchId, file, account, rows, open, outcomes, inFlight, throttled, complete } = totals;
  const { accepted, rejected, refused, suppressed, expired, cancelled, unknown } = outcomes;
  return {
    batchId,
    file,
    account,
    rows,
    accepted,
    rejected,
    refused,
    suppressed,
    expired,
    cancelled,
    unknown,
    open,
    inFlight,
    throttled,
    complete,
  };
}
