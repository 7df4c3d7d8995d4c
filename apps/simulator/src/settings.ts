import { z } from 'zod';
import { retryAfterSchema, type RetryAfter } from './fault-rules.ts';

const milliseconds = z.number().min(0).max(600_000);

/** What can be changed while the simulator runs (POST /_sim/config), with the value at start. */
export const settingsSchema = z.strictObject({
  /** Requests of one account in flight above which the answer is 429 / 20429. */
  cap: z.number().int().min(0).max(100_000).default(100),
  /** Caps of single accounts, by AC sid; they win over `cap`. */
  capByAccount: z.record(z.string(), z.number().int().min(0).max(100_000)).default({}),
  /** Retry-After of an answer above the cap, by AC sid; without it there is none, as at Twilio. */
  retryAfterByAccount: z.record(z.string(), retryAfterSchema).default({}),
  latency: z
    .strictObject({ medianMs: milliseconds, p99Ms: milliseconds })
    .refine((latency) => latency.p99Ms >= latency.medianMs, 'p99Ms must not be below medianMs')
    .default({ medianMs: 98, p99Ms: 120 }),
  /** Twilio's magic numbers answer as under test credentials. */
  magic: z.boolean().default(true),
  /** Any From but +15005550006 is refused, as under test credentials. */
  strictFrom: z.boolean().default(false),
  /** A record younger than this is missing from lists, as Twilio's lists lag. */
  listDelayMs: milliseconds.default(0),
});

export type SimulatorSettings = z.infer<typeof settingsSchema>;

/** A change of some of the settings. Its fields have no defaults: what is not named keeps its value. */
export const settingsChangeSchema = z.strictObject({
  cap: settingsSchema.shape.cap.unwrap().optional(),
  capByAccount: settingsSchema.shape.capByAccount.unwrap().optional(),
  retryAfterByAccount: settingsSchema.shape.retryAfterByAccount.unwrap().optional(),
  latency: settingsSchema.shape.latency.unwrap().optional(),
  magic: z.boolean().optional(),
  strictFrom: z.boolean().optional(),
  listDelayMs: milliseconds.optional(),
});

/** Settings shared by every part; `change` is the only writer. */
export class RuntimeSettings {
  current: SimulatorSettings;

  constructor(initial: Partial<SimulatorSettings> = {}) {
    this.current = settingsSchema.parse(initial);
  }

  change(change: z.infer<typeof settingsChangeSchema>): void {
    this.current = settingsSchema.parse({ ...this.current, ...change });
  }

  capOf(account: string): number {
    return this.current.capByAccount[account] ?? this.current.cap;
  }

  retryAfterOf(account: string): RetryAfter | undefined {
    return this.current.retryAfterByAccount[account];
  }
}
