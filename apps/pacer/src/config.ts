import { z } from 'zod';

const whole = (unit: string, bounds: { min: number; max: number }) => {
  const hint = `give ${unit}, a whole number from ${bounds.min} to ${bounds.max}`;
  return z.coerce.number(hint).int(hint).min(bounds.min, hint).max(bounds.max, hint);
};

/** What the pacer reads from the environment beyond the common configuration. */
export const pacerConfig = z.object({
  PACER_MIN_LEAD_MS: whole('milliseconds', { min: 50, max: 4_000 })
    .default(400)
    .describe('no slot is stamped nearer than this, so that no sender is late by construction, ms; above send.claimLeadMs'),
  PACER_RESIDENT_ROWS: whole('rows', { min: 1_000, max: 10_000_000 })
    .default(100_000)
    .describe('waiting rows held in memory, of all partitions together; the others wait on disk'),
  PACER_MAX_WAITING: whole('rows', { min: 1_000, max: 1_000_000_000 })
    .default(20_000_000)
    .describe('rows that may wait per partition of the requests before reading pauses'),
  PACER_CARRY_SPAN: whole('records', { min: 1_000, max: 1_000_000_000 })
    .default(2_000_000)
    .describe('records that are done with behind the oldest waiting row before it is appended again, per partition'),
  PACER_MAX_CLOSURES: whole('rows', { min: 100, max: 100_000 })
    .default(10_000)
    .describe('most rows closed (cancelled, expired) in one transaction'),
});

export type PacerConfig = z.output<typeof pacerConfig>;
