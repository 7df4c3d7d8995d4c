import type { Api } from './generated/events.ts';

/** sync = in the answer of the call; callback = later, as a status callback's ErrorCode. */
export const phases = ['sync', 'callback'] as const;
export type Phase = (typeof phases)[number];

export const ruleClasses = ['transient', 'ambiguous', 'permanent', 'config', 'content', 'row', 'fraud', 'fatal', 'ours'] as const;
export type RuleClass = (typeof ruleClasses)[number];

/** What else the rule holds for, beside the row that met it. */
export const ruleScopes = [
  'value',
  'contact-channel-sender',
  'contact-channel',
  'contact',
  'sender',
  'country',
  'batch',
  'account',
  'none',
] as const;
export type RuleScope = (typeof ruleScopes)[number];

export const ruleActions = [
  'retry',
  'retry-late',
  'retry-once',
  'lower-rate',
  'park-sender',
  'hold',
  'reschedule',
  'strike',
  'suppress',
  'reject',
  'doubt',
  'stop-account',
  'stop-sender',
  'stop-batch',
  'stop-country',
  'alert',
] as const;
export type RuleAction = (typeof ruleActions)[number];

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
