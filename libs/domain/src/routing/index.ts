export { horizonMsOf, type HorizonParts } from './horizon.ts';
export { jitteredStep, nextTry, type BackoffInput, type NextTry } from './back-off.ts';
export { verdictOf, type Verdict } from './verdict.ts';
export { suppressionKey, suppressionOf } from './suppression.ts';
export { CodeTally } from './code-tally.ts';
export { undecodableClaim, type RoutedRecord } from './routed-events.ts';
export { ResponseDecider, type Decision, type Moment, type OpenCase, type RoutingSettings } from './response.decider.ts';
export { OpenAttempts, responseOf, undecodableOf, type Routed, type RoutingNow } from './open-attempts.ts';
export type { Headers, Observation } from './held-attempt.ts';
