import { z } from 'zod';
import { duration } from '../values.ts';
import { accountSchema, type AccountSettings } from './account-settings.ts';
import { alertsSchema } from './alert-settings.ts';
import { errorRules } from './error-rules.ts';
import type { TextSources } from './external-text.ts';
import { completeSource, limitsSchema, sourceSchema, type SourceSettings } from './source-settings.ts';

const millis = (min: number, max: number, standard: number) => {
  const hint = `give milliseconds, a whole number from ${min} to ${max}`;
  return z.int(hint).min(min, hint).max(max, hint).default(standard);
};

const days = (standard: number) => {
  const hint = 'give days, a whole number from 1 to 3650';
  return z.int(hint).min(1, hint).max(3_650, hint).default(standard);
};

const retry = z
  .strictObject({
    maxTotalWait: duration({ min: '1s', max: '7d' })
      .prefault('1h')
      .describe('longest a row may be throttled or unreachable before it ends'),
    maxAttempts: z
      .int('give a whole number from 1 to 20')
      .min(1)
      .max(20)
      .default(5)
      .describe('most automatic attempts of other kinds (safe reads)'),
    batchBudget: z
      .number('give retries per row, a number from 0 to 100')
      .min(0)
      .max(100)
      .exactOptional()
      .describe(
        'automatic retries (throttled, unreachable, safe reads) that a batch may cause, per row of it that was tried: 0.2 = one for five rows. Beyond it rows end as rejected: retry-budget. Counted per partition of the router, where ten are always allowed. Absent: no bound',
      ),
  })
  .prefault({})
  .transform(({ maxTotalWait, ...counts }) => ({ maxTotalWaitMs: maxTotalWait, ...counts }))
  .describe('automatic retries of the same row');

const reconcile = z
  .strictObject({
    clientTimeout: duration({ min: '1s', max: '10m' }).prefault('40s').describe("longest wait for an answer; longer than Twilio's own"),
    providerTimeout: duration({ min: '1s', max: '10m' }).prefault('30s').describe('longest that Twilio works on a call'),
    skew: duration({ min: '0ms', max: '5m' }).prefault('5s').describe('largest difference of clocks'),
    listSpacing: duration({ min: '1s', max: '1h' }).prefault('60s').describe('least time between two list reads of one doubt'),
    maxHold: duration({ min: '1m', max: '30d' }).prefault('24h').describe('longest a doubt is held before it ends as unknown'),
    inDoubt: z
      .enum(['hold', 'resend-after-proof'], 'give hold or resend-after-proof')
      .default('hold')
      .describe('what to do with a call proved absent'),
  })
  .prefault({})
  .transform((own) => ({
    clientTimeoutMs: own.clientTimeout,
    providerTimeoutMs: own.providerTimeout,
    skewMs: own.skew,
    listSpacingMs: own.listSpacing,
    maxHoldMs: own.maxHold,
    inDoubt: own.inDoubt,
  }))
  .describe('calls whose answer was lost');

const pace = z
  .strictObject({
    leadMs: millis(200, 5_000, 700).describe('slots are published so long ahead, ms; 500 to 1000 is recommended'),
    sliceMs: millis(20, 500, 100).describe('span of slots published in one transaction, ms'),
    minShare: z
      .number('give a number from 0 to 0.5')
      .min(0)
      .max(0.5)
      .default(0.05)
      .describe('share of the pace kept for lower priorities while higher ones wait'),
  })
  .prefault({})
  .describe('how slots are granted');

const lane = z
  .strictObject({
    maxStopped: duration({ min: '1s', max: '30d' })
      .exactOptional()
      .describe(
        'a run with --once ends rows of a lane that stays stopped so long as cancelled. Default: 30s more than retry.maxTotalWait, at most 10m',
      ),
  })
  .prefault({})
  .describe('lanes: what shares one more limit inside an account');

const send = z
  .strictObject({
    claimLeadMs: millis(20, 2_000, 250).describe('slots are claimed so long ahead, ms'),
    lateToleranceMs: millis(1, 1_000, 12).describe('a slot older than this is returned, never sent late, ms'),
  })
  .prefault({})
  .describe('how slots are called');

const retention = z
  .strictObject({
    eventsDays: days(400).describe('events in the analytic store, days'),
    contactsDays: days(30).describe('full numbers and bodies in the analytic store, days'),
    tracesDays: days(14).describe('traces in the analytic store, days'),
  })
  .prefault({})
  .describe('how long what is stored is kept');

const tracing = z
  .strictObject({ ratio: z.number('give a number from 0 to 1').min(0).max(1).default(0.01).describe('share of new traces that are kept') })
  .prefault({})
  .describe('traces');

const ingest = z
  .strictObject({
    pollMs: millis(50, 600_000, 1_000).describe('time between two looks at a folder or bucket, ms'),
    limits: limitsSchema.prefault({}).describe('bounds of every source'),
  })
  .prefault({})
  .describe('how files are read');

const shutdown = z
  .strictObject({ deadline: duration({ min: '1s', max: '10m' }).prefault('10s').describe('a service asked to stop has so long') })
  .prefault({})
  .transform(({ deadline }) => ({ deadlineMs: deadline }))
  .describe('how services stop');

/** The whole of paceline.yaml: every setting with its default, unit, bounds and description. */
export const settingsSchema = (sources: TextSources) =>
  z
    .strictObject({
      accounts: z
        .array(accountSchema(sources), 'list at least one account')
        .min(1, 'list at least one account')
        .describe('Twilio accounts'),
      sources: z.array(sourceSchema(sources)).default([]).describe('where files come from'),
      ingest,
      pace,
      lane,
      send,
      retry,
      errorTable: errorRules,
      reconcile,
      retention,
      alerts: alertsSchema(sources),
      tracing,
      shutdown,
    })
    .describe('Settings of Paceline (paceline.yaml)');

export type ParsedSettings = z.output<ReturnType<typeof settingsSchema>>;

/** The settings as services see them; durations are milliseconds, folders absolute, limits complete. */
export type Settings = Omit<ParsedSettings, 'accounts' | 'sources' | 'lane'> & {
  readonly lane: { readonly maxStoppedMs: number };
  readonly accounts: AccountSettings[];
  readonly sources: SourceSettings[];
};

const longestStoppedMs = 600_000;
/** Rows of a full lane end by themselves once they were throttled long enough; this is for what stays stopped. */
const beyondThrottlingMs = 30_000;

export function completeSettings(parsed: ParsedSettings): Settings {
  const maxStoppedMs = parsed.lane.maxStopped ?? Math.min(parsed.retry.maxTotalWaitMs + beyondThrottlingMs, longestStoppedMs);
  return { ...parsed, lane: { maxStoppedMs }, sources: parsed.sources.map((source) => completeSource(source, parsed.ingest.limits)) };
}
