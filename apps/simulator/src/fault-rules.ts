import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import { refusalOf } from './refusals.ts';

// What a fault can do, as data. `before` = the request is never processed; `after` = it is processed and only its answer suffers.
const when = z.enum(['before', 'after']);
const headers = z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string().max(1000)).default({});

export const retryAfterSchema = z.strictObject({
  form: z.enum(['seconds', 'fraction', 'http-date', 'past-date', 'negative', 'huge', 'empty', 'garbage']),
  seconds: z.number().min(0).max(86_400).default(1),
});

const statusAction = z.strictObject({
  type: z.literal('status'),
  status: z.number().int().min(200).max(599),
  code: z.number().int().optional(),
  message: z.string().optional(),
  /** The whole body as text; without it Twilio's error body. */
  body: z.string().max(1_000_000).optional(),
  headers,
  retryAfter: retryAfterSchema.optional(),
  when: when.default('before'),
});

/** Twilio's own answer for this code, with the status it comes with. */
const codeAction = z.strictObject({
  type: z.literal('code'),
  code: z
    .number()
    .int()
    .refine((code) => refusalOf(code) !== undefined, 'no answer is known for this code'),
  /** The classic error body, RFC 9457's, or a list of errors. */
  form: z.enum(['classic', 'problem', 'list']).default('classic'),
  retryAfter: retryAfterSchema.optional(),
  when: when.default('before'),
});

const htmlAction = z.strictObject({
  type: z.literal('html'),
  status: z.number().int().min(200).max(599).default(502),
  when: when.default('before'),
});

/** No answer until the caller leaves, or for `forMs`, after which the connection is reset. */
const hangAction = z.strictObject({
  type: z.literal('hang'),
  forMs: z.number().min(0).max(3_600_000).optional(),
  when: when.default('before'),
});

/** `connect` = as soon as the connection stands; `mid-request` = its head is read, its body is not. Both before processing. */
const resetAction = z.strictObject({
  type: z.literal('reset'),
  at: z.enum(['connect', 'mid-request', 'before-response', 'after-status-line', 'mid-response']).default('before-response'),
  when: when.default('after'),
});

/** A connection that was used before ends just when its next request arrives, which is not processed. */
const keepAliveRaceAction = z.strictObject({ type: z.literal('keep-alive-race'), by: z.enum(['fin', 'reset']).default('fin') });

/** The request is processed and its status is right; what stands in the body is not its resource. */
const bodyAction = z.strictObject({
  type: z.literal('body'),
  form: z.enum(['empty', 'html', 'cut-json', 'list', 'other-sid', 'huge', 'bad-gzip', 'unknown-encoding']),
  /** Of a huge body. */
  megabytes: z.number().int().min(1).max(64).default(10),
});

const delayAction = z.strictObject({ type: z.literal('delay'), ms: z.number().min(0).max(3_600_000) });
const noSidAction = z.strictObject({ type: z.literal('no-sid') });
const truncatedAction = z.strictObject({ type: z.literal('truncated') });

const dripAction = z.strictObject({
  type: z.literal('drip'),
  bytes: z.number().int().min(1).max(65_536).default(1),
  everyMs: z.number().min(1).max(60_000).default(100),
});

const gzipBombAction = z.strictObject({ type: z.literal('gzip-bomb'), megabytes: z.number().int().min(1).max(64).default(16) });

const actionSchema = z.discriminatedUnion('type', [
  statusAction,
  codeAction,
  htmlAction,
  hangAction,
  resetAction,
  keepAliveRaceAction,
  bodyAction,
  delayAction,
  noSidAction,
  truncatedAction,
  dripAction,
  gzipBombAction,
]);

export type FaultAction = z.infer<typeof actionSchema>;
export type RetryAfter = z.infer<typeof retryAfterSchema>;

export const knownActions: readonly string[] = actionSchema.options.map((option) => option.shape.type.value);

const matchSchema = z.strictObject({
  /** The recipient ends with this (`To`, or the number of a lookup). */
  toSuffix: z.string().min(1).optional(),
  /** The path contains this. */
  path: z.string().min(1).optional(),
  method: z.enum(['GET', 'POST']).optional(),
  account: z.string().optional(),
  /** Only from and until so many milliseconds after the rule was set. */
  fromMs: z.number().min(0).optional(),
  untilMs: z.number().min(0).optional(),
});

export type FaultMatch = z.infer<typeof matchSchema>;

/** What is not known yet when the fault happens cannot be asked for. */
function unknownThen(match: FaultMatch, action: FaultAction): readonly string[] {
  if (action.type !== 'reset') return [];
  const unknown = { connect: ['toSuffix', 'path', 'method', 'account'], 'mid-request': ['toSuffix'] } as const;
  const names = action.at === 'connect' || action.at === 'mid-request' ? unknown[action.at] : [];
  return names.filter((name) => match[name] !== undefined);
}

const ruleSchema = z
  .strictObject({
    match: matchSchema.default({}),
    action: actionSchema,
    /** How many requests it hits before it is spent; without it all of them. */
    count: z.number().int().min(1).optional(),
  })
  .superRefine(({ match, action, count }, context) => {
    if (action.type === 'reset' && action.at === 'connect' && count === undefined && match.untilMs === undefined) {
      context.addIssue({ code: 'custom', message: 'needs count or untilMs: it also hits the connections that would lift it' });
    }
    for (const name of unknownThen(match, action)) {
      context.addIssue({ code: 'custom', path: ['match', name], message: 'is not known yet at this stage of the request' });
    }
  });

export type FaultRuleInput = z.infer<typeof ruleSchema>;

/** One rule, a list of rules, or {rules: [...]}. */
export const rulesSchema = z.union([
  z.array(ruleSchema).min(1).max(1000),
  z.strictObject({ rules: z.array(ruleSchema).min(1).max(1000) }).transform((input) => input.rules),
  ruleSchema.transform((rule) => [rule]),
]);

/** The action types in an input of unknown shape that nobody knows. */
export function unknownActions(input: unknown): string[] {
  const list: unknown = (input as { rules?: unknown } | null)?.rules ?? input;
  const types = (Array.isArray(list) ? list : [list]).map(
    (rule: unknown) => (rule as { action?: { type?: unknown } } | null)?.action?.type,
  );
  return types.filter((type) => typeof type !== 'string' || !knownActions.includes(type)).map((type) => String(type));
}

const compress = promisify(gzip);

/** A small body that unpacks to this many megabytes; made when the rule is set, so that no request waits for it. */
export const bombOf = (megabytes: number): Promise<Buffer> => compress(Buffer.alloc(megabytes * 1024 * 1024, 0x20));
