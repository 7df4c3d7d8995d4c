import {
  type Api,
  type ErrorRule,
  type ErrorTable,
  type Outcome,
  type OutcomeReason,
  type ResponseClass,
  type ResponseRecorded,
  type RuleAction,
} from '@paceline/contracts';

/** What becomes of a request after a response, before budgets and expiry have their say. */
export type Verdict =
  | { readonly kind: 'close'; readonly outcome: Outcome; readonly reason: OutcomeReason; readonly rule: ErrorRule | null }
  | { readonly kind: 'back-off'; readonly why: 'throttled' | 'network'; readonly floorMs: number }
  | { readonly kind: 'gate' }
  | { readonly kind: 'account-stop'; readonly floorMs: number }
  | { readonly kind: 'doubt' };

const close = (outcome: Outcome, reason: OutcomeReason, rule: ErrorRule | null = null): Verdict => ({
  kind: 'close',
  outcome,
  reason,
  rule,
});
const doubt: Verdict = { kind: 'doubt' };

/** NOT_SENT by a gate of ours: nothing is wrong with the row or the network, so nothing is counted. */
const gates: ReadonlySet<string> = new Set(['deadline-passed', 'gate-closed', 'no-place-in-flight', 'shutdown']);
const unsendable: Readonly<Record<string, OutcomeReason>> = { unbuildable: 'unbuildable', 'unknown-account': 'unknown-account' };

const comesAgain: ReadonlySet<RuleAction> = new Set(['retry', 'retry-late', 'lower-rate', 'park-sender', 'hold']);

/** The class table. The error table refines only what Twilio certainly refused: a doubt or an acceptance stays one. */
const byClass: Readonly<Record<ResponseClass, (response: ResponseRecorded, rule: ErrorRule) => Verdict>> = {
  ACCEPTED: () => close('accepted', 'accepted'),
  ACCEPTED_NO_SID: () => close('accepted', 'accepted-without-sid'),
  IN_DOUBT: () => doubt,
  UNCLASSIFIED: () => doubt,
  NOT_SENT: ({ reason }) => notSent(reason),
  NOT_PROCESSED: (response, rule) => refined(response, rule, { kind: 'back-off', why: 'throttled', floorMs: 0 }),
  REJECTED: (response, rule) =>
    response.reason === 'redirect'
      ? close('rejected', 'protocol', rule)
      : refined(response, rule, close('rejected', 'twilio-rejected', rule)),
  ACCOUNT_STOP: (response, rule) => refined(response, rule, { kind: 'account-stop', floorMs: rule.delayMs ?? 0 }),
};

export function verdictOf(api: Api, response: ResponseRecorded, table: ErrorTable): Verdict {
  const rule = table.route({ api, httpStatus: response.httpStatus, code: response.code, phase: 'sync' });
  return byClass[response.class](response, rule);
}

function notSent(reason: string): Verdict {
  const never = unsendable[reason];
  if (never !== undefined) return close('refused', never);
  return gates.has(reason) ? { kind: 'gate' } : { kind: 'back-off', why: 'network', floorMs: 0 };
}

/** A rule of the code overrules the status the code came with; a rule of the status only confirms the class. */
function refined(response: ResponseRecorded, rule: ErrorRule, byStatus: Verdict): Verdict {
  const floorMs = Math.max(response.retryAfterMs ?? 0, rule.delayMs ?? 0);
  const confirmed = byStatus.kind === 'back-off' ? { ...byStatus, floorMs } : byStatus;
  return rule.codes.length === 0 ? confirmed : byCode(rule, floorMs, confirmed);
}

function byCode(rule: ErrorRule, floorMs: number, confirmed: Verdict): Verdict {
  if (comesAgain.has(rule.action)) return { kind: 'back-off', why: 'throttled', floorMs };
  if (rule.action === 'stop-account') return { kind: 'account-stop', floorMs: rule.delayMs ?? 0 };
  if (rule.action === 'doubt') return confirmed.kind === 'back-off' ? confirmed : doubt;
  return close('rejected', 'twilio-rejected', rule);
}
