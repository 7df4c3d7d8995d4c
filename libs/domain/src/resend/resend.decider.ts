import { type BatchAdmitted, type Micros, type ResendRefusalCode, type ResendRequested } from '@paceline/contracts';
import { noRows } from '../ingest/tally.ts';
import type { ClosingFold } from './closing-fold.ts';
import { resendBatchIdOf, type ResendRun } from './resend-run.ts';
import type { RowSet } from './row-set.ts';
import { isResendable, resendableOutcomes } from './safe-outcomes.ts';

/** Rows of one resend: more are left for the next one. */
export const mostResentRows = 1_000_000;

/** Why nothing is resent. */
export interface ResendRefusal {
  readonly act: 'refuse';
  readonly code: ResendRefusalCode;
  readonly reason: string;
}

export type ResendDecision = ResendRefusal | { readonly act: 'start'; readonly run: ResendRun; readonly planned: RowSet };

export interface ResendFacts {
  /** What the log says of the ends of the rows. */
  readonly closings: ClosingFold;
  /** The batch as it was admitted; null when the log knows no such batch. */
  readonly file: BatchAdmitted | null;
  /** The batch is itself a resend of this one. */
  readonly resendOf: string | null;
  /** Resends planned so far. */
  readonly runs: number;
  readonly now: Micros;
}

const refuse = (code: ResendRefusalCode, reason: string): ResendRefusal => ({ act: 'refuse', code, reason });

/** What can be told of a command without asking the log. */
export function commandFault(command: ResendRequested, now: Micros): ResendRefusal | null {
  const unsafe = command.outcomes.filter((outcome) => !isResendable(outcome));
  if (unsafe.length > 0 || command.outcomes.length === 0) {
    const named = unsafe.length > 0 ? unsafe.join(', ') : 'no outcome is named';
    return refuse('outcome-not-safe', `${named}: only ${resendableOutcomes.join(', ')} rows may be called again`);
  }
  return command.expiresAt !== null && command.expiresAt <= now ? refuse('already-expired', 'the new ExpiresAt has passed') : null;
}

/**
 * Plans a resend, or says why there is none. Promise, together with the state that the plan is committed to: a row has at
 * most one open request at any time, and never a new one unless its latest ended with proof that nothing was processed.
 */
export function decideResend(command: ResendRequested, facts: ResendFacts): ResendDecision {
  const { closings, file, resendOf, runs, now } = facts;
  const fault = commandFault(command, now);
  if (fault !== null) return fault;
  if (resendOf !== null)
    return refuse('is-a-resend', `this is a resend of batch ${resendOf}: resend that one, its rows' latest requests count`);
  if (file === null) return refuse('unknown-batch', 'the log knows no such batch');
  const planned = closings.chosen(mostResentRows);
  if (planned.size === 0) return refuse('nothing-to-resend', 'no row ended as asked, with proof, and is not already being resent');
  return { act: 'start', run: runOf(command, file, runs + 1), planned };
}

function runOf(command: ResendRequested, file: BatchAdmitted, generation: number): ResendRun {
  const { batchId, resendId, expiresAt, by, reason, meta } = command;
  const { account, source, name, fileHash, format } = file;
  return {
    ...{ batchId: resendBatchIdOf(batchId, resendId), resendOf: batchId, resendId, generation },
    file: { account, source, name, fileHash, format },
    ...{ expiresAt, by, reason, causedBy: meta.eventId, status: 'reading', totals: noRows },
  };
}
