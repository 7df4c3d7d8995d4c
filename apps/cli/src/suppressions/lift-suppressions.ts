import { parseInstant } from '@paceline/domain/ingest';
import { suppressionLines, type SuppressionLine } from '@paceline/domain/reporting';
import { SuppressionChanges, type SuppressionWish } from '@paceline/domain/routing';
import { CliError, exitCodes } from '../exit-code.ts';
import type { StackAccess } from '../stack-access.ts';
import { readSuppressions, writeSuppressions } from './suppression-table.ts';

export type LiftWish = Pick<SuppressionWish, 'contact' | 'channel' | 'scope' | 'origin' | 'reason' | 'by'>;

export interface LiftResult {
  /** What counted before and counts no more. */
  readonly lifted: readonly SuppressionLine[];
  readonly still: readonly SuppressionLine[];
}

const counts = ({ state }: SuppressionLine): boolean => state === 'holds' || state === 'strikes';

/** Writes the lift when there is anything to lift: whoever lifts nothing may have named the wrong contact. */
export async function liftSuppressions(access: StackAccess, lift: LiftWish, now: number): Promise<LiftResult> {
  const table = await readSuppressions(access);
  const before = suppressionLines(table.of(lift.contact), now).filter(counts);
  const changes = new SuppressionChanges(table, now);
  changes.take({ ...lift, lifted: true, expiresAt: null, asOf: null, file: null });
  const after = suppressionLines(table.of(lift.contact), now);
  const lifted = after.filter(({ state, eventId }) => state === 'lifted' && before.some((line) => line.eventId === eventId));
  if (lifted.length > 0) await writeSuppressions(access, changes.records);
  return { lifted, still: after.filter(({ state }) => state === 'holds') };
}

/** The end of a suppression, UTC microseconds; null = none. */
export function endOf(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  const at = parseInstant(text, null);
  if (at !== null && at > now) return at;
  throw new CliError(
    `--expires ${text}: give an ISO time to come, with its offset, such as 2027-01-31T12:00:00Z, up to 2254`,
    exitCodes.usage,
  );
}
