import type { OutputRecord } from '@paceline/pipeline';
import { SuppressionIndex } from '@paceline/domain/sending';
import type { StackAccess } from '../stack-access.ts';

/** The table as it is, folded from its beginning. */
export async function readSuppressions(access: StackAccess): Promise<SuppressionIndex> {
  const index = new SuppressionIndex();
  const log = await access.log();
  await log.readToEnd(['paceline.suppressions'], ({ key, event }) => {
    if (event.type === 'SuppressionSet' && key !== null) index.apply(key, event.data);
  });
  return index;
}

const recordsAtOnce = 5_000;

/** Ingestor and senders see them as soon as the brokers have them. */
export async function writeSuppressions(access: StackAccess, records: readonly OutputRecord[]): Promise<void> {
  if (records.length === 0) return;
  const writer = await access.writer();
  for (let from = 0; from < records.length; from += recordsAtOnce) await writer.write(records.slice(from, from + recordsAtOnce));
}
