import type { Outcome, OutcomeReason, RequestClosed } from '@paceline/contracts';

/** The outcomes that a resend may name. Accepted was called, unknown may have been, open still may be. */
export const resendableOutcomes = ['rejected', 'expired', 'cancelled', 'suppressed', 'refused'] as const satisfies Outcome[];
export type ResendableOutcome = (typeof resendableOutcomes)[number];

export const isResendable = (outcome: string): outcome is ResendableOutcome => (resendableOutcomes as readonly string[]).includes(outcome);

/** What an outcome rests on; a row closed together with others has neither status nor code. */
export type Ending = Pick<RequestClosed, 'outcome' | 'reason' | 'httpStatus' | 'code'>;

/**
 * Reasons that prove that no call of the row was processed: no call was made, or each was answered with a refusal.
 * A redirect (`protocol`) proves nothing: a POST may be processed and then answered with 303.
 */
const proof: Readonly<Record<ResendableOutcome, readonly OutcomeReason[]>> = {
  rejected: ['twilio-rejected', 'throttled-out', 'unbuildable', 'unknown-account'],
  expired: ['expired', 'unreachable'],
  cancelled: ['cancelled', 'lane-stopped'],
  suppressed: ['suppressed'],
  refused: ['unbuildable', 'unknown-account'],
};

/** Never called, or answered with a 4xx other than 408: whatever a rule made of it, a 5xx may have been processed. */
const isRefusal = (status: number | null): boolean => status === null || (status >= 400 && status < 500 && status !== 408);

/** Whether this outcome proves that Twilio processed no call of the row. What is not listed proves nothing. */
export const isProvenSafe = ({ outcome, reason, httpStatus }: Ending): boolean =>
  isResendable(outcome) && (proof[outcome] as readonly string[]).includes(reason) && isRefusal(httpStatus);
