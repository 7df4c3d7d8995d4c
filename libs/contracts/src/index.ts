export type * from './generated/events.ts';
export { schemas } from './generated/events.ts';
export { event, type Event, type EventName, type EventOf } from './events.ts';
export { attemptIdOf, batchIdOf, contactOf, hashId, metaOf, parseAttemptId, requestIdOf, type MetaInput } from './ids.ts';
export { Codec, RegistryUnavailable, SchemaNotRegistered, UndecodableRecord, type SchemaIds } from './codec.ts';
export { applySchemas, registryIds, subjectOf, type RegistrySettings } from './registry.ts';
export { controlKey, keyOf, recordOf, type OutputRecord } from './records.ts';
export {
  groups,
  partitionsOf,
  topicDefinition,
  topicNames,
  totalTopics,
  topics,
  type Domain,
  type GroupName,
  type TopicDefinition,
  type TopicName,
} from './topics.ts';
export {
  fileRefusalCodes,
  outcomeReasons,
  refusalCodes,
  resendRefusalCodes,
  responseReasons,
  retryReasons,
  returnReasons,
  type FileRefusalCode,
  type OutcomeReason,
  type RefusalCode,
  type ResendRefusalCode,
  type ResponseReason,
  type RetryReason,
  type ReturnReason,
} from './reasons.ts';
export {
  phases,
  ruleActions,
  ruleClasses,
  ruleScopes,
  type Channel,
  type ErrorRule,
  type Phase,
  type RuleAction,
  type RuleClass,
  type RuleScope,
} from './error-rule.ts';
export { overrideProblems, type ErrorOverride } from './error-override.ts';
export { errorTable, ErrorTable, route, ruleVersion, shippedErrorTable, type ErrorSighting } from './error-table.ts';
