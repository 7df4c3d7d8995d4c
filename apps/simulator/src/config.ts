import { z } from 'zod';
import { rulesSchema } from './fault-rules.ts';
import { type SimulatorOptions } from './simulator.ts';
import { settingsSchema } from './settings.ts';
import { tlsFaults } from './tls-faults.ts';

const flag = z.enum(['on', 'off']).transform((value) => value === 'on');
const whole = z.coerce.number().int().min(0);
const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

/** What the simulator reads from the environment. */
export const environmentSchema = z.object({
  SIMULATOR_PORT: whole.max(65_535).optional(),
  PORT: whole.max(65_535).optional(),
  HOST: z.string().min(1).default('127.0.0.1'),
  /** NDJSON file of the ledger; without it a temporary one. */
  SIMULATOR_LEDGER: z.string().min(1).optional(),
  SIMULATOR_CAP: whole.optional(),
  SIMULATOR_LATENCY_MEDIAN_MS: z.coerce.number().min(0).default(98),
  /** Not below the median; equal to it = every answer takes the same time. */
  SIMULATOR_LATENCY_P99_MS: z.coerce.number().min(0).optional(),
  SIMULATOR_MAGIC: flag.default(true),
  SIMULATOR_STRICT_FROM: flag.default(false),
  SIMULATOR_LIST_DELAY_MS: whole.default(0),
  SIMULATOR_KEEP_RECORDS: whole.min(1).default(1_000_000),
  SIMULATOR_MAX_BODY_BYTES: whole.min(1).default(256 * 1024),
  /** {"AC...": {"secret": "..."}, "SK...": {"secret": "...", "account": "AC..."}}: only these are let in. */
  SIMULATOR_USERS: json
    .pipe(z.record(z.string(), z.strictObject({ secret: z.string().min(1), account: z.string().optional() })))
    .optional(),
  /** Fault rules in force from the start, as JSON. */
  SIMULATOR_FAULTS: json.pipe(rulesSchema).optional(),
  /** With SIMULATOR_TLS_PORT: a listener beside the API whose TLS is wrong in this way. */
  SIMULATOR_TLS_FAULT: z.enum(tlsFaults).default('self-signed'),
  SIMULATOR_TLS_PORT: whole.max(65_535).optional(),
});

const DEFAULT_PORT = 18_080;
const MEDIAN_TO_P99 = 120 / 98;

/** The simulator's options from its environment; throws one error that lists every problem. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): SimulatorOptions {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) throw new Error(`simulator: bad settings\n${z.prettifyError(parsed.error)}`);
  const env = parsed.data;
  const medianMs = env.SIMULATOR_LATENCY_MEDIAN_MS;
  return {
    host: env.HOST,
    port: env.SIMULATOR_PORT ?? env.PORT ?? DEFAULT_PORT,
    ledgerPath: env.SIMULATOR_LEDGER,
    users: env.SIMULATOR_USERS,
    faults: env.SIMULATOR_FAULTS,
    tls: env.SIMULATOR_TLS_PORT === undefined ? undefined : { port: env.SIMULATOR_TLS_PORT, fault: env.SIMULATOR_TLS_FAULT },
    keepRecords: env.SIMULATOR_KEEP_RECORDS,
    maxBodyBytes: env.SIMULATOR_MAX_BODY_BYTES,
    settings: settingsSchema.parse({
      cap: env.SIMULATOR_CAP,
      latency: { medianMs, p99Ms: env.SIMULATOR_LATENCY_P99_MS ?? medianMs * MEDIAN_TO_P99 },
      magic: env.SIMULATOR_MAGIC,
      strictFrom: env.SIMULATOR_STRICT_FROM,
      listDelayMs: env.SIMULATOR_LIST_DELAY_MS,
    }),
  };
}
