import { z } from 'zod';

/** What the error-router reads from the environment beyond the common configuration. */
export const errorRouterConfig = z.object({
  ERROR_ROUTER_LINGER_MS: z.coerce
    .number('give milliseconds')
    .int('give whole milliseconds')
    .min(0)
    .max(5_000)
    .default(150)
    .describe('least time between two transactions of a partition: fewer, larger ones, ms'),
  ERROR_ROUTER_SWEEP_MS: z.coerce
    .number('give milliseconds')
    .int('give whole milliseconds')
    .min(20)
    .max(60_000)
    .default(500)
    .describe('time between two looks for claims whose horizon has passed, ms'),
  ERROR_ROUTER_ACCOUNT_HOLD_MS: z.coerce
    .number('give milliseconds')
    .int('give whole milliseconds')
    .min(100)
    .max(3_600_000)
    .default(5_000)
    .describe('a row waits so long when its account answered that it is stopped, ms'),
  ERROR_ROUTER_ALERTS_MS: z.coerce
    .number('give milliseconds')
    .int('give whole milliseconds')
    .min(100)
    .max(60_000)
    .default(5_000)
    .describe('time between two looks at what alerts watch, ms'),
});

export type ErrorRouterConfig = z.output<typeof errorRouterConfig>;
