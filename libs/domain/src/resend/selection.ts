import type { Micros, Outcome, ResendRequested } from '@paceline/contracts';
import { isProvenSafe, type Ending } from './safe-outcomes.ts';

/** Which closed rows a resend means. */
export interface Selection {
  readonly outcomes: readonly Outcome[];
  /** Empty = any. */
  readonly codes: readonly number[];
  readonly since: Micros | null;
  /** The instant of the command: a row that closed later is not in it, however late the command is executed. */
  readonly asOf: Micros;
}

export const selectionOf = ({ outcomes, codes, since, meta }: ResendRequested): Selection => ({
  ...{ outcomes, codes, since },
  asOf: meta.occurredAt,
});

/** An outcome and when it became so. */
export interface Closing extends Ending {
  readonly at: Micros;
}

/** Whether a row that ended so is meant, and proven safe. */
export function selects({ outcomes, codes, since, asOf }: Selection, closing: Closing): boolean {
  const { outcome, code, at } = closing;
  const isMeant = outcomes.includes(outcome) && (codes.length === 0 || (code !== null && codes.includes(code)));
  const isThen = at <= asOf && (since === null || at >= since);
  return isMeant && isThen && isProvenSafe(closing);
}
