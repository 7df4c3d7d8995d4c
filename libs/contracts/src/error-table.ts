import { byCode, byHttp } from './error-rules.ts';
import type { Api } from './generated/events.ts';

/**
 * What Twilio's error codes mean for us: data, one row per rule, routed by code first and by HTTP status second (some
 * codes come with more than one status). `ruleVersion` travels in every decision; raise it with every changed row.
 */
export const ruleVersion = '2026-11.1';

/** sync = in the answer of the call; callback = later, as a status callback's ErrorCode. */
export type Phase = 'sync' | 'callback';

export type RuleClass = 'transient' | 'ambiguous' | 'permanent' | 'config' | 'content' | 'row' | 'fraud' | 'fatal' | 'ours';

/** What else the rule holds for, beside the row that met it. */
export type RuleScope =
  'value' | 'contact-channel-sender' | 'contact-channel' | 'contact' | 'sender' | 'country' | 'batch' | 'account' | 'none';

export type RuleAction =
  | 'retry'
  | 'retry-late'
  | 'retry-once'
  | 'lower-rate'
  | 'park-sender'
  | 'hold'
  | 'reschedule'
  | 'strike'
  | 'suppress'
  | 'reject'
  | 'doubt'
  | 'stop-account'
  | 'stop-sender'
  | 'stop-batch'
  | 'stop-country'
  | 'alert';

export type Channel = 'sms' | 'voice' | 'whatsapp' | '*';

export interface ErrorRule {
  /** Twilio's codes; empty for a rule by HTTP status. */
  readonly codes: readonly number[];
  /** HTTP statuses first..last, for rules without codes. */
  readonly http?: readonly [first: number, last: number];
  readonly apis?: readonly Api[];
  readonly phases: readonly Phase[];
  readonly class: RuleClass;
  readonly scope: RuleScope;
  readonly action: RuleAction;
  /** Channel a suppression holds for. */
  readonly channel?: Channel;
  /** Wait at least this long before the next try, milliseconds. */
  readonly delayMs?: number;
  /** Suppress after this many strikes. */
  readonly strikes?: number;
  readonly meaning: string;
}

/** Every rule; within one (code, api, phase) there is only one. */
export const errorTable: readonly ErrorRule[] = [...byCode, ...byHttp];

/** What a code or status without a rule means: nothing is known, so nothing may be repeated. */
export const unknownRule: ErrorRule = {
  codes: [],
  phases: ['sync', 'callback'],
  class: 'ambiguous',
  scope: 'none',
  action: 'doubt',
  meaning: 'neither code nor status is known',
};

const rulesOfCode = new Map<number, ErrorRule[]>();
for (const rule of errorTable) {
  for (const code of rule.codes) rulesOfCode.set(code, [...(rulesOfCode.get(code) ?? []), rule]);
}

const isFor = (rule: ErrorRule, api: Api): boolean => rule.apis === undefined || rule.apis.includes(api);

export interface ErrorSighting {
  readonly api: Api;
  readonly httpStatus: number | null;
  readonly code: number | null;
  readonly phase: Phase;
}

/** The rule of a code whose statuses disagree or whose phase is new is still the code's: HTTP comes second. */
export function route({ api, httpStatus, code, phase }: ErrorSighting): ErrorRule {
  const known = (code === null ? [] : (rulesOfCode.get(code) ?? [])).filter((rule) => isFor(rule, api));
  const ruleOfCode = known.find((rule) => rule.phases.includes(phase)) ?? known[0];
  if (ruleOfCode !== undefined) return ruleOfCode;
  const status = httpStatus ?? 0;
  return byHttp.find(({ http }) => http !== undefined && status >= http[0] && status <= http[1]) ?? unknownRule;
}
