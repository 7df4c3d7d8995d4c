import { type Params, givenOf } from './answers.ts';
import { type RefusalCode } from './refusals.ts';

const SOONEST_MS = 300_000;
const LATEST_MS = 35 * 24 * 3_600_000;

/** Why a message cannot be scheduled; null when it can, or when it is not a scheduled one. */
export function scheduleRefusal(params: Params, nowMs: number): RefusalCode | null {
  const type = givenOf(params, 'ScheduleType');
  if (type === undefined) return null;
  if (type !== 'fixed') return 35117;
  if (givenOf(params, 'MessagingServiceSid') === undefined) return 35118;
  const sendAt = givenOf(params, 'SendAt');
  if (sendAt === undefined) return 35111;
  return windowRefusal(Date.parse(sendAt) - nowMs);
}

/** An unreadable SendAt has no distance (NaN) and is refused like one that is too near. */
function windowRefusal(aheadMs: number): RefusalCode | null {
  if (aheadMs > LATEST_MS) return 35115;
  return aheadMs >= SOONEST_MS ? null : 35114;
}
