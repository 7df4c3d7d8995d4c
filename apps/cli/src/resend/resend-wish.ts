import type { Micros } from '@paceline/contracts';
import { parseInstant } from '@paceline/domain/ingest';
import { isResendable, resendableOutcomes, type ResendableOutcome } from '@paceline/domain/resend';
import { parseDuration } from '@paceline/runtime';
import { CliError, exitCodes } from '../exit-code.ts';

export interface ResendFlags {
  readonly outcome: readonly string[];
  readonly code: readonly string[];
  readonly since?: string;
  readonly expires?: string;
  readonly yes?: boolean;
  readonly answerTime: string;
}

/** Which rows are meant, and what changes for them. */
export interface RowsWanted {
  readonly outcomes: readonly ResendableOutcome[];
  readonly codes: readonly number[];
  readonly since: Micros | null;
  readonly expiresAt: Micros | null;
}

const usage = (message: string): CliError => new CliError(message, exitCodes.usage);

const never: Readonly<Record<string, string>> = {
  accepted: 'Twilio accepted these calls: a resend would make each of them twice',
  unknown: 'these calls may have been processed: look at `paceline doubts`',
  open: 'these rows have not ended',
};

function outcomeOf(text: string): ResendableOutcome {
  if (isResendable(text)) return text;
  throw usage(`--outcome ${text}: ${never[text] ?? `give ${resendableOutcomes.join(', ')}`}`);
}

function codeOf(text: string): number {
  if (/^\d{4,6}$/.test(text)) return Number(text);
  throw usage(`--code ${text}: give a code of Twilio's, such as 30022`);
}

/** An instant; a bare duration is so long before or after now. */
function instantOf(flag: string, text: string, fromNow: (ms: number) => Micros): Micros {
  const ms = parseDuration(text);
  const at = ms === undefined ? parseInstant(text, null) : fromNow(ms);
  if (at !== null) return at;
  throw usage(`${flag} ${text}: give ISO 8601 with an offset (2026-05-01T09:00:00+02:00), or a duration (2h)`);
}

export function rowsWanted({ outcome, code, since, expires }: ResendFlags, now: Micros): RowsWanted {
  if (outcome.length === 0) throw usage(`--outcome is missing: say which rows are meant, ${resendableOutcomes.join(', ')}`);
  const expiresAt = expires === undefined ? null : instantOf('--expires', expires, (ms) => now + ms * 1_000);
  if (expiresAt !== null && expiresAt <= now) throw usage(`--expires ${expires ?? ''}: this instant has passed`);
  return {
    outcomes: [...new Set(outcome.map(outcomeOf))],
    codes: [...new Set(code.map(codeOf))],
    since: since === undefined ? null : instantOf('--since', since, (ms) => now - ms * 1_000),
    expiresAt,
  };
}
