import { z } from 'zod';
import type { Secret } from '../secret.ts';
import { externalSecret, externalText, type TextSources } from './external-text.ts';
import { paceLimits, type PaceLimits } from './pace-limits.ts';

export type SenderType = 'long-code' | 'toll-free' | 'short-code' | 'messaging-service' | 'alphanumeric' | 'whatsapp';

export interface SenderSettings {
  /** A phone number, a Messaging Service (MG...), or another sender id. */
  readonly id: string;
  readonly type: SenderType;
  /** Resolved: as given, else by type, else the sum of the pool. */
  readonly segmentsPerSecond: number;
  readonly pool: readonly string[];
}

export interface AccountSettings extends PaceLimits {
  readonly name: string;
  readonly sid: string;
  readonly apiKey?: string;
  readonly apiSecret?: Secret;
  /** One, or two during a rotation; the first is used to sign in, all to verify signatures. */
  readonly authToken: Secret[];
  readonly mode: 'simulator' | 'test' | 'live';
  readonly confirmLive?: string;
  readonly baseUrl: string;
  readonly callsPerSecond: number;
  readonly maxInFlight: number;
  readonly callbacks?: { readonly publicUrl: string };
  readonly senders: SenderSettings[];
}

export const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
export const NAME_HINT = 'give lower-case letters, digits and dashes, at most 40';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Segments per second by kind of sender, when the operator gives no number. */
const RATE_BY_TYPE: Readonly<Record<Exclude<SenderType, 'messaging-service'>, number>> = {
  'long-code': 1,
  'toll-free': 3,
  'short-code': 100,
  alphanumeric: 1,
  whatsapp: 80,
};

const rate = (hint: string, max: number) => z.number(hint).gt(0, hint).max(max, hint);

/** YAML reads a bare +15005550006 as a number. */
const senderHint = 'give the sender as a text in quotes';

const senderSchema = z.strictObject({
  id: z.string(senderHint).min(1, senderHint).describe('phone number in E.164, Messaging Service SID (MG...), or another sender id'),
  type: z
    .enum(['long-code', 'toll-free', 'short-code', 'messaging-service', 'alphanumeric', 'whatsapp'])
    .exactOptional()
    .describe('kind of sender; gives its rate. Default: messaging-service for an MG id, else long-code'),
  segmentsPerSecond: rate('give a number above 0, at most 1000', 1_000)
    .exactOptional()
    .describe(
      'segments per second of this sender. Default by type: long-code 1, toll-free 3, short-code 100, alphanumeric 1, whatsapp 80, messaging-service the sum of its pool',
    ),
  pool: z.array(z.string(senderHint).min(1, senderHint)).default([]).describe('senders of a Messaging Service'),
});

type RawSender = z.output<typeof senderSchema>;

function typeOf(sender: RawSender): SenderType {
  return sender.type ?? (sender.id.startsWith('MG') || sender.pool.length > 0 ? 'messaging-service' : 'long-code');
}

function rateOf(sender: RawSender, all: readonly RawSender[]): number {
  if (sender.segmentsPerSecond !== undefined) return sender.segmentsPerSecond;
  const type = typeOf(sender);
  if (type !== 'messaging-service') return RATE_BY_TYPE[type];
  const ofMember = (id: string): number => {
    const member = all.find((other) => other.id === id);
    return member === undefined || typeOf(member) === 'messaging-service' ? 1 : rateOf(member, all);
  };
  return sender.pool.length === 0 ? 1 : sender.pool.reduce((sum, id) => sum + ofMember(id), 0);
}

const resolveSenders = (all: readonly RawSender[]): SenderSettings[] =>
  all.map((sender) => ({ id: sender.id, type: typeOf(sender), segmentsPerSecond: rateOf(sender, all), pool: sender.pool }));

export const isHttps = (url: URL): boolean => url.protocol === 'https:';
/** http on this machine: nothing leaves it. */
export const isLoopback = (url: URL): boolean => url.protocol === 'http:' && LOOPBACK.test(url.hostname);

/** A base URL of Twilio's API: https, or http on this machine only; credentials go there. */
function baseUrl(text: string, context: z.RefinementCtx<string>): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url !== undefined && url.username === '' && url.search === '' && url.hash === '';
  if (plain && (isHttps(url) || isLoopback(url))) return text.replace(/\/+$/, '');
  context.addIssue({
    code: 'custom',
    message: 'give an https:// URL (http:// on 127.0.0.1 or localhost only), without user, query or fragment',
  });
  return z.NEVER;
}

const callbacks = (sources: TextSources) =>
  z.strictObject({
    publicUrl: externalText(sources)
      .transform(baseUrl)
      .describe('public base URL of the callbacks service; StatusCallback is set to <publicUrl>/twilio/status'),
  });

const authToken = (sources: TextSources) => {
  const one = externalSecret(sources);
  return z
    .union([one.transform((secret) => [secret]), z.array(one).min(1).max(2)], {
      error: 'give one auth token or a list of two, each a text, ${env:NAME} or {file: path}',
    })
    .default([])
    .describe('auth token; a list of two during a rotation. Needed unless apiKey and apiSecret are given, and to verify callbacks');
};

export const accountSchema = (sources: TextSources) =>
  z
    .strictObject({
      name: z.string('give the account a name').regex(NAME, NAME_HINT).describe('name of the account, used everywhere else'),
      sid: externalText(sources)
        .pipe(z.string().regex(/^AC[0-9a-fA-F]{32}$/, 'give AC and 32 hexadecimal digits'))
        .describe('account SID'),
      apiKey: externalText(sources)
        .pipe(z.string().regex(/^SK[0-9a-fA-F]{32}$/, 'give SK and 32 hexadecimal digits'))
        .exactOptional()
        .describe('API key SID, used with apiSecret in place of the auth token'),
      apiSecret: externalSecret(sources).exactOptional().describe('secret of the API key'),
      authToken: authToken(sources),
      mode: z
        .enum(['simulator', 'test', 'live'], 'give simulator, test or live')
        .default('simulator')
        .describe("simulator; test = Twilio's test credentials; live = real calls, needs confirmLive"),
      confirmLive: externalText(sources).exactOptional().describe('repeat the account SID here to allow mode live'),
      baseUrl: externalText(sources)
        .transform(baseUrl)
        .prefault('https://api.twilio.com')
        .describe('one base URL for all API hosts; http on loopback only'),
      callsPerSecond: rate('give calls per second, a number above 0, at most 2000', 2_000).describe(
        'pace of the account, calls per second',
      ),
      maxInFlight: z.int('give a whole number from 1 to 5000').min(1).max(5_000).default(40).describe('calls in flight at once'),
      callbacks: callbacks(sources).exactOptional().describe('where Twilio reports the status of messages and calls'),
      senders: z
        .array(senderSchema)
        .default([])
        .transform(resolveSenders)
        .describe('senders with a rate of their own, by their type or as given'),
      ...paceLimits,
    })
    .describe('one Twilio account or subaccount');
