export { eventually } from './eventually.ts';
export { freePortBase, isFree, type PortRun } from './free-ports.ts';
export { fixedSchemaIds } from './fixed-schema-ids.ts';
export { QuietLogger } from './quiet-logger.ts';
export { systemClock } from './system-clock.ts';
export { kafkaBrokers, repositoryRoot } from './running-stack.ts';
export { type ApiName } from './scripted-kafka/api.ts';
export { kafkaError } from './scripted-kafka/error-codes.ts';
export { type Exchange } from './scripted-kafka/exchange.ts';
export {
  type Action,
  applyThenDropConnection,
  applyThenNeverAnswer,
  applyThenRespondWith,
  dropConnectionBeforeApply,
  type HeldAnswers,
  holdAnswer,
  neverAnswer,
  type RequestMatcher,
  respondWith,
  type Rule,
} from './scripted-kafka/faults.ts';
export { type BatchOutcome, type LoggedBatch } from './scripted-kafka/partition-log.ts';
export {
  leaderMovesBeforeItsAnswer,
  leaderStopsBeforeItsAnswer,
  type ProducerFactory,
  type ProducerUnderTest,
  refusedByCoordinatorWhileAnswerUnderWay,
  refusedByLeaderWhileAnswerUnderWay,
  type ScenarioOptions,
  type ScenarioOutcome,
  scenarioTopic,
  scenarioValues,
  type SendMode,
} from './scripted-kafka/produce-scenarios.ts';
export { type ReceivedRequest } from './scripted-kafka/received-request.ts';
export { ScriptedKafka, type ScriptedKafkaOptions, type Succession } from './scripted-kafka/scripted-kafka.ts';
