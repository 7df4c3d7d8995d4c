/**
 * The closed lists behind every `reason` and `code` of ours. Twilio's codes are data of the error table, not here.
 */
export const refusalCodes = [
  'missing-to',
  'invalid-to',
  'missing-sender',
  'missing-content',
  'body-too-long',
  'missing-parameter',
  'invalid-parameter',
  'unknown-api',
  'unknown-account',
  'invalid-time',
  'already-expired',
  'field-too-long',
  'row-shape',
  'suppressed-at-admission',
  'not-an-object',
  'too-deep',
  'content-gone',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

export const fileRefusalCodes = [
  'empty-file',
  'header-only',
  'binary-file',
  'unknown-format',
  'broken-quotes',
  'broken-json',
  'no-to-column',
  'duplicate-column',
  'too-large',
  'too-many-rows',
  'too-many-columns',
  'broken-gzip',
  'gzip-ratio',
  'changed-while-read',
  'unreadable',
  'unknown-account',
  'encoding',
] as const;
export type FileRefusalCode = (typeof fileRefusalCodes)[number];

/** Why a resend was refused as a whole. */
export const resendRefusalCodes = [
  'nothing-to-resend',
  'unknown-batch',
  'is-a-resend',
  'outcome-not-safe',
  'already-expired',
  'unreadable',
] as const;
export type ResendRefusalCode = (typeof resendRefusalCodes)[number];

/** Why a slot came back before it was claimed. */
export const returnReasons = [
  'late',
  'account-paused',
  'batch-paused',
  'breaker-open',
  'lane-parked',
  'quiet-hours',
  'tables-not-fresh',
  'no-place-in-flight',
  'clock-ahead',
  'unknown-account',
  'shutdown',
] as const;
export type ReturnReason = (typeof returnReasons)[number];

/** Why an attempt n+1 was scheduled. */
export const retryReasons = ['throttled', 'network', 'gate', 'account-stop', 'lookup-again'] as const;
export type RetryReason = (typeof retryReasons)[number];

/** Why a claimed attempt was not sent, or what its answer was. */
export const responseReasons = [
  'answered',
  'deadline-passed',
  'gate-closed',
  'no-place-in-flight',
  'shutdown',
  'dns',
  'connection-refused',
  'connect-timeout',
  'tls',
  'not-written',
  'timeout',
  'reset',
  'truncated',
  'body-unreadable',
  'no-sid',
  'redirect',
  'server-error',
  'request-timeout',
  'unknown-account',
  'unbuildable',
] as const;
export type ResponseReason = (typeof responseReasons)[number];

/** Why a request has the outcome it has. */
export const outcomeReasons = [
  'accepted',
  'accepted-without-sid',
  'twilio-rejected',
  'protocol',
  'throttled-out',
  'unreachable',
  'max-attempts',
  'retry-budget',
  'suppressed',
  'expired',
  'cancelled',
  'lane-stopped',
  'claim-without-response',
  'answer-in-doubt',
  'undecodable',
  'unbuildable',
  'unknown-account',
] as const;
export type OutcomeReason = (typeof outcomeReasons)[number];
