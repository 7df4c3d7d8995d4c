import { hashId, type Micros } from '@paceline/contracts';
import type { Notice } from './standing-alert.ts';
import type { WatchedValue } from './watched-values.ts';

/** One message about one alert, for people and their tools. */
export interface AlertMessage extends Omit<WatchedValue, 'value'> {
  readonly notice: Notice;
  readonly value: number;
  readonly threshold: number;
  readonly since: Micros;
  /** When it was decided to tell; with alert and scope it is the message's identity. */
  readonly at: Micros;
  /** Webhooks that have it already, by their place in the settings. */
  readonly reached: readonly number[];
}

export type WebhookShape = 'generic' | 'slack';

const instant = (at: Micros): string => new Date(at / 1_000).toISOString();

/** The body of a webhook, before JSON. Told twice after a takeover, the message has the same id. */
export const webhookBody = (message: AlertMessage, shape: WebhookShape): object =>
  shape === 'slack' ? { text: `${heads[message.notice]} ${message.alert}: ${message.text}` } : genericBody(message);

const heads: Readonly<Record<Notice, string>> = { raised: '[raised]', reminder: '[still raised]', cleared: '[cleared]' };

function genericBody({ alert, notice, scope, account, value, threshold, since, at, text }: AlertMessage): object {
  return {
    schemaVersion: 1,
    id: hashId('alert-message', alert, scope, at),
    alert,
    state: notice === 'cleared' ? 'cleared' : 'raised',
    reminder: notice === 'reminder',
    ...{ scope, account, value, threshold },
    since: instant(since),
    at: instant(at),
    text,
  };
}
