import { topicDefinition, totalTopics } from '@paceline/contracts';

export type AlertName = 'throttling' | 'backlog-growing' | 'old-doubts' | 'breaker-open' | 'dead-letters' | 'retention';

/**
 * When an alert is raised and cleared. Raised when its value was above `raiseAbove` for `raiseAfterMs`; cleared when it
 * was at most `clearAtMost` for `clearAfterMs`; between the two nothing changes.
 */
export interface AlertRule {
  readonly alert: AlertName;
  readonly raiseAbove: number;
  readonly raiseAfterMs: number;
  /** Never above `raiseAbove`. */
  readonly clearAtMost: number;
  readonly clearAfterMs: number;
  /** At most one message per scope in so long. */
  readonly quietMs: number;
  /** Told again after so long while it lasts; never below `quietMs`. */
  readonly remindMs: number;
}

const seconds = (n: number): number => n * 1_000;
const minutes = (n: number): number => n * 60_000;
const told = { quietMs: minutes(5), remindMs: minutes(60) };

const rule = (alert: AlertName, limits: Omit<AlertRule, 'alert' | 'quietMs' | 'remindMs'>): AlertRule => ({ alert, ...limits, ...told });

/** All rules of the product. The unit of a value is that of its rule. */
export const alertRules: readonly AlertRule[] = [
  /** Share of the answers of the last minute that were 429. */
  rule('throttling', { raiseAbove: 0.05, raiseAfterMs: seconds(10), clearAtMost: 0.025, clearAfterMs: minutes(2) }),
  /** Minutes for which the backlog has only grown. */
  rule('backlog-growing', { raiseAbove: 5, raiseAfterMs: 0, clearAtMost: 1, clearAfterMs: minutes(2) }),
  /** Calls in doubt for more than 15 minutes, of the last day. */
  rule('old-doubts', { raiseAbove: 0, raiseAfterMs: 0, clearAtMost: 0, clearAfterMs: minutes(1) }),
  /** 1 while the account's breaker is open or half-open. */
  rule('breaker-open', { raiseAbove: 0, raiseAfterMs: 0, clearAtMost: 0, clearAfterMs: minutes(1) }),
  /** Dead letters of the last hour. */
  rule('dead-letters', { raiseAbove: 0, raiseAfterMs: 0, clearAtMost: 0, clearAfterMs: minutes(1) }),
  /** How long the oldest row waits, as a share of what retention bears. */
  rule('retention', { raiseAbove: 0.25, raiseAfterMs: minutes(1), clearAtMost: 0.2, clearAfterMs: minutes(10) }),
];

/** Answers in the window below which a share says nothing. */
export const fewestAnswers = 20;

/** So long may a row wait until the log begins to forget its batch, milliseconds. */
export const retentionBearsMs: number = Math.min(...totalTopics.map((topic) => topicDefinition(topic).retentionMs));
