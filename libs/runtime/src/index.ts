import 'reflect-metadata';

export { Secret } from './secret.ts';
export { SystemClock } from './clock.ts';
export { duration, parseDuration, secretValue } from './values.ts';
export { commonConfigSchema, kafkaConnectionOf, registryOf, type CommonConfig, type KafkaConnection } from './common-config.ts';
export type { Part, ServiceBlueprint, ServiceContext, ServiceDefinition, ServiceStrategy } from './service.ts';
export type { AccountSettings, SenderSettings, SenderType } from './settings/account-settings.ts';
export type { WebhookSettings } from './settings/alert-settings.ts';
export type { IngestLimits, SourceSettings } from './settings/source-settings.ts';
export type { Settings } from './settings/settings-schema.ts';
export { loadSettings, type SettingsResult } from './settings/load-settings.ts';
export { settingsJsonSchema, type JsonSchema } from './settings/json-schema.ts';
export { readEnvironment, type EnvironmentResult } from './environment.ts';
export { inertSpan, type SpanAttributes, type SpanOptions, type TraceHeaders, type TraceSpan, type Tracing } from './tracing.ts';
export { formatTraceparent, parseTraceparent, type TraceContext } from './traceparent.ts';
export { recordingTracing, type RecordedSpan, type RecordingTracing } from './tracing-recorder.ts';
export { createLogger, type LoggerOptions } from './logger.ts';
export { maskText } from './masking.ts';
export { runService } from './run-service.ts';
export {
  ConfigurationInvalid,
  createService,
  startService,
  type RunningService,
  type Service,
  type ServiceOptions,
} from './start-service.ts';
export { StartFailed } from './lifecycle.ts';
