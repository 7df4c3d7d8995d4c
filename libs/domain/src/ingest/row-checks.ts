import { callChecks } from './check-calls.ts';
import { messageChecks } from './check-messages.ts';
import { lookupChecks, studioChecks, verifyChecks } from './check-others.ts';
import type { CheckedRow, RowCheck } from './check-rules.ts';
import type { RowApi } from './parameters.ts';
import type { RowFault } from './raw-row.ts';

const checks: Readonly<Record<RowApi, readonly RowCheck[]>> = {
  messages: messageChecks,
  calls: callChecks,
  verify: verifyChecks,
  lookup: lookupChecks,
  studio: studioChecks,
};

/**
 * The first rule of its API that the row breaks. Only what can never succeed is refused: whether a number exists or
 * may be used is Twilio's verdict, so the magic test numbers pass.
 */
export function checkRow(api: RowApi, row: CheckedRow): RowFault | null {
  for (const check of checks[api]) {
    const found = check(row);
    if (found !== null) return found;
  }
  return null;
}
