import type { Evidence } from './evidence.ts';
import { atMost, figure, type Figure } from './figure.ts';
import { shareErrorPercent } from './statistics.ts';

/** Shares of batches by weight, of the slots of the first `afterUs` since the first slot. */
export function shareFigures({ slots }: Evidence, weights: ReadonlyMap<string, number>, afterUs: number): Figure[] {
  const end = (slots[0]?.at ?? 0) + afterUs;
  const counts = new Map<string, number>();
  for (const { at, batchId } of slots) if (at < end) counts.set(batchId, (counts.get(batchId) ?? 0) + 1);
  const metric = `share error by weight after ${afterUs / 1_000_000} s`;
  return [figure({ metric, value: shareErrorPercent(counts, weights), unit: '% of the share due' }, atMost(1))];
}
