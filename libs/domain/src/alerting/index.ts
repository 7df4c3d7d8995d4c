export { alertRules, retentionBearsMs, type AlertName, type AlertRule } from './alert-rules.ts';
export { AlertBoard, type Look } from './alert-board.ts';
export { alertEvent, alertKey, type AlertChange } from './alert-events.ts';
export { webhookBody, type AlertMessage, type WebhookShape } from './alert-message.ts';
export { AlertSenses } from './alert-senses.ts';
export type { BreakerReading } from './watched-values.ts';
export { breakerReading } from './breaker-reading.ts';
