import { event, metaOf, type ErrorRule, type EventOf, type Request, type ResponseRecorded, type RuleScope } from '@paceline/contracts';

interface Suppression {
  readonly channel: string;
  readonly scope: string;
}

/** A strike that no other followed is forgotten after so long. */
const strikeLifeMicros = 30 * 86_400_000_000;

type Scoped = (request: Request) => Suppression['scope'];

/** A sender's stop is that sender's; what is wrong with the number holds for all; a bad value is known by `value`. */
const scopes: Readonly<Partial<Record<RuleScope, Scoped>>> = {
  'contact-channel-sender': ({ sender }) => (sender === '' ? '*' : sender),
  'contact-channel': () => '*',
  contact: () => '*',
  value: () => 'value',
};

function suppressionBy(rule: ErrorRule, request: Request): Suppression | null {
  const scope = rule.action === 'suppress' || rule.action === 'strike' ? scopes[rule.scope]?.(request) : undefined;
  return scope === undefined || rule.channel === undefined ? null : { channel: channelBy(rule, rule.channel, request), scope };
}

/** Who is not to be contacted is left alone on every channel; a WhatsApp address that is no good is no fault of its number. */
function channelBy({ scope }: ErrorRule, channel: string, { personal }: Request): string {
  if (scope === 'contact') return '*';
  const ofAddress = channel === 'sms' || scope === 'value';
  return ofAddress && personal.to.startsWith('whatsapp:') ? 'whatsapp' : channel;
}

/**
 * One strike of several: under its own key, one per row however often that was tried, so that readers can count them
 * (sending/suppression-index.ts). How many suppress is part of it: a later table does not change the meaning of an old one.
 */
const strikeOrigin = (code: number | null, strikes: number, requestId: string): string => `strike:${code}:${strikes}:${requestId}`;

/** The suppression, or the strike towards one, that a rejection asks for; or null. */
export function suppressionOf(rule: ErrorRule | null, request: Request, response: ResponseRecorded): EventOf<'SuppressionSet'> | null {
  const found = rule === null ? null : suppressionBy(rule, request);
  if (rule === null || found === null) return null;
  const { contact, batchId, requestId } = request;
  const at = response.answeredAt ?? response.meta.occurredAt;
  const isStrike = rule.action === 'strike';
  return event('SuppressionSet', {
    meta: metaOf('SuppressionSet', {
      natural: [response.attemptId, found.channel, found.scope],
      at,
      correlationId: batchId,
      causationId: response.meta.eventId,
    }),
    contact,
    ...found,
    origin: isStrike ? strikeOrigin(response.code, rule.strikes ?? 1, requestId) : `code:${response.code}`,
    reason: rule.meaning,
    expiresAt: isStrike ? at + strikeLifeMicros : null,
    lifted: false,
    by: '',
    asOf: null,
  });
}
