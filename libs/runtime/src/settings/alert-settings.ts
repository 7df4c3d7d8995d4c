import { z } from 'zod';
import { Secret } from '../secret.ts';
import { isHttps, isLoopback } from './account-settings.ts';
import { externalSecret, externalText, type TextSources } from './external-text.ts';

/** Where a message may be posted: https, or http on this machine only. The URL is the key to a channel: a secret. */
function webhookUrl(text: string, context: z.RefinementCtx<string>): Secret {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && url.username === '' && (isHttps(url) || isLoopback(url))) return new Secret(text);
  context.addIssue({ code: 'custom', message: 'give an https:// URL (http:// on 127.0.0.1 or localhost only), without user' });
  return z.NEVER;
}

/** Set by the sender itself. */
const ownHeaders = /^(host|content-length|content-type|transfer-encoding|connection)$/i;
const headerHint = 'give the name of a header; host, connection, content and transfer headers are set by Paceline';
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,100}$/, headerHint)
  .refine((name) => !ownHeaders.test(name), headerHint);

const webhook = (sources: TextSources) =>
  z.strictObject({
    url: externalText(sources)
      .transform(webhookUrl)
      .describe('where the alert is posted: https, or http on this machine; treated as a secret'),
    shape: z.enum(['generic', 'slack'], 'give generic or slack').default('generic').describe('shape of the message'),
    headers: z
      .record(headerName, externalSecret(sources))
      .default({})
      .describe('sent with each message, an Authorization for example; treated as secrets'),
  });

export const alertsSchema = (sources: TextSources) =>
  z
    .strictObject({ webhooks: z.array(webhook(sources)).default([]).describe('who is told') })
    .prefault({})
    .describe('alerts');

export type WebhookSettings = z.output<ReturnType<typeof webhook>>;
