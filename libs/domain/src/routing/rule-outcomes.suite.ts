import type { ErrorRule, RequestClosed, RetryScheduled, RuleAction, SuppressionSet } from '@paceline/contracts';
import type { Routed } from './open-attempts.ts';

/** What becomes of a row that Twilio refused. */
export type Decided = 'rejected' | 'throttled' | 'account-stop' | 'unknown';

/** Written down here once more, by hand, so that a change of the decisions is seen. */
const byAction: Readonly<Record<RuleAction, Decided>> = {
  retry: 'throttled',
  'retry-late': 'throttled',
  'lower-rate': 'throttled',
  'park-sender': 'throttled',
  hold: 'throttled',
  'stop-account': 'account-stop',
  doubt: 'unknown',
  'retry-once': 'rejected',
  reschedule: 'rejected',
  strike: 'rejected',
  suppress: 'rejected',
  reject: 'rejected',
  'stop-sender': 'rejected',
  'stop-batch': 'rejected',
  'stop-country': 'rejected',
  alert: 'rejected',
};

export const decidedBy = ({ action }: ErrorRule): Decided => byAction[action];

export const titleOfRule = (rule: ErrorRule): string => {
  const what = rule.codes.length > 0 ? rule.codes.join(', ') : `HTTP ${rule.http?.join('-')}`;
  return `${what}: ${rule.action} of ${rule.scope}, ${rule.meaning}`;
};

const dataOf = <T>({ records }: Routed, type: string): T | undefined => records.find(({ event }) => event.type === type)?.event.data as T;

/** The decision in plain words, to be compared whole. */
export interface RuleOutcome {
  readonly closed: string | null;
  readonly retry: string | null;
  /** Milliseconds until the retry at least. */
  readonly waitMs: number | null;
  readonly suppression: { readonly channel: string; readonly scope: string; readonly origin: string; readonly lasts: boolean } | null;
}

export function outcomeOf(routed: Routed, decidedAt: number): RuleOutcome {
  const closed = dataOf<RequestClosed>(routed, 'RequestClosed');
  const retry = dataOf<RetryScheduled>(routed, 'RetryScheduled');
  const suppression = dataOf<SuppressionSet>(routed, 'SuppressionSet');
  return {
    closed: closed?.outcome ?? null,
    retry: retry === undefined ? null : `${retry.reason} #${retry.attempt}`,
    waitMs: retry === undefined ? null : (retry.notBefore - decidedAt) / 1_000,
    suppression:
      suppression === undefined
        ? null
        : {
            channel: suppression.channel,
            scope: suppression.scope,
            origin: suppression.origin,
            lasts: suppression.expiresAt === null,
          },
  };
}

const scopes: Readonly<Record<string, string>> = { 'contact-channel-sender': 'sender-hash', value: 'value' };

/** What a rule asks of a row whose first attempt met this code, for the routing settings' hold of a stopped account. */
export function outcomeWanted(rule: ErrorRule, code: number | null, terms: { row: string; accountHoldMs: number }): RuleOutcome {
  const decided = decidedBy(rule);
  const again = decided === 'throttled' || decided === 'account-stop';
  const floorMs = Math.max(rule.delayMs ?? 0, decided === 'account-stop' ? terms.accountHoldMs : 0);
  return {
    closed: again ? null : decided,
    retry: again ? `${decided} #2` : null,
    waitMs: again ? floorMs : null,
    suppression: suppressionWanted(rule, code, terms.row),
  };
}

function suppressionWanted(rule: ErrorRule, code: number | null, row: string): RuleOutcome['suppression'] {
  const { action, channel = '', scope, strikes } = rule;
  if (action !== 'suppress' && action !== 'strike') return null;
  const origin = action === 'strike' ? `strike:${code}:${strikes}:${row}` : `code:${code}`;
  return { channel, scope: scopes[scope] ?? '*', origin, lasts: action === 'suppress' };
}
