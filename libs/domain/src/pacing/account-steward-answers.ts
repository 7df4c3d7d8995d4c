import { type Api, type CodeCount, type ErrorRule, type ErrorTable } from '@paceline/contracts';

/** What answers of one kind mean for the pace of their account, lane and batch. */
export type AnswerMeaning =
  /** Nothing is known: not sent, or in doubt. */
  | { readonly kind: 'nothing' }
  /** Twilio answered, and what it said concerns the row alone. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'account-stop'; readonly rule: ErrorRule | null }
  | { readonly kind: 'lane-full'; readonly rule: ErrorRule }
  /** A setting is wrong; of the sender, or of the whole batch. */
  | { readonly kind: 'misconfigured'; readonly of: 'lane' | 'batch'; readonly rule: ErrorRule }
  | { readonly kind: 'filtered'; readonly rule: ErrorRule };

const apis: ReadonlySet<string> = new Set<Api>(['messages', 'calls', 'verify', 'lookup', 'studio']);

/** A lane's name begins with its API. */
function apiOf(lane: string): Api {
  const [api = ''] = lane.split(':', 1);
  return apis.has(api) ? (api as Api) : 'unknown';
}

/** The rule of the code; null when it has none, because then the class says all there is. */
function ruleOf({ lane, code }: CodeCount, table: ErrorTable): ErrorRule | null {
  if (code === null) return null;
  const rule = table.route({ api: apiOf(lane), httpStatus: null, code, phase: 'sync' });
  return rule.codes.length === 0 ? null : rule;
}

const silent: ReadonlySet<string> = new Set(['NOT_SENT', 'IN_DOUBT', 'UNCLASSIFIED']);

/** The error table decides by the code, the class only where there is no code of the table's. */
export function meaningOf(count: CodeCount, table: ErrorTable): AnswerMeaning {
  if (silent.has(count.class)) return { kind: 'nothing' };
  const rule = ruleOf(count, table);
  return rule === null ? byClass(count) : byRule(rule);
}

function byClass({ class: type }: CodeCount): AnswerMeaning {
  if (type === 'ACCEPTED' || type === 'ACCEPTED_NO_SID') return { kind: 'accepted' };
  if (type === 'NOT_PROCESSED') return { kind: 'throttled' };
  return type === 'ACCOUNT_STOP' ? { kind: 'account-stop', rule: null } : { kind: 'answered' };
}

function byRule(rule: ErrorRule): AnswerMeaning {
  if (rule.action === 'stop-account') return { kind: 'account-stop', rule };
  if (rule.action === 'park-sender') return { kind: 'lane-full', rule };
  if (rule.action === 'lower-rate' && rule.scope === 'account') return { kind: 'throttled' };
  return byStop(rule);
}

const batchStops: ReadonlySet<string> = new Set(['stop-batch', 'stop-country']);

function byStop(rule: ErrorRule): AnswerMeaning {
  if (rule.class === 'config' && rule.action === 'stop-sender') return { kind: 'misconfigured', of: 'lane', rule };
  if (rule.class === 'config' && batchStops.has(rule.action)) return { kind: 'misconfigured', of: 'batch', rule };
  return rule.action === 'stop-batch' ? { kind: 'filtered', rule } : { kind: 'answered' };
}
