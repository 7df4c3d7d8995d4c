import type { ErrorRule } from '@paceline/contracts';
import { Breaker } from './breaker.ts';
import type { ControlLookup } from './pace-controls.ts';
import type { ControlChange } from './signals.ts';

interface Parked {
  readonly breaker: Breaker;
  readonly reason: string;
}

const firstWaitMs = 30_000;
const longestWaitMs = 600_000;

/** Named with its account: the same sender, or none, makes the same lane in every account. */
export const laneEntity = (account: string, lane: string): string => `lane:${account}/${lane}`;

/** The lanes whose queue is full at the other side: parked, tried again after a wait, free at the first acceptance. */
export class StewardLanes {
  readonly #parked = new Map<string, Parked>();

  /** A lane found parked when this steward began; the wait begins anew. */
  adopt(entity: string, value: unknown, nowMs: number): void {
    if (value !== 'parked' && value !== 'probing') return;
    const breaker = new Breaker({ firstMs: firstWaitMs, longestMs: longestWaitMs });
    breaker.adopt(value === 'parked' ? 'open' : 'half-open', nowMs);
    this.#parked.set(entity, { breaker, reason: 'its queue was full' });
  }

  full(entity: string, { rule, code }: { rule: ErrorRule; code: number | null }, nowMs: number): void {
    const breaker = this.#parked.get(entity)?.breaker ?? new Breaker(waitsOf(rule));
    breaker.heed({ faults: 1, proofs: 0 }, nowMs);
    this.#parked.set(entity, { breaker, reason: `code ${code}: ${rule.meaning}` });
  }

  accepted(entity: string, nowMs: number): void {
    this.#parked.get(entity)?.breaker.heed({ faults: 0, proofs: 1 }, nowMs);
  }

  forget(entity: string): void {
    this.#parked.delete(entity);
  }

  /** What holds for each lane now. */
  controls(nowMs: number): readonly ControlChange[] {
    const changes: ControlChange[] = [];
    for (const [entity, { breaker, reason }] of this.#parked) {
      breaker.pass(nowMs);
      if (breaker.isForgotten(nowMs)) this.#parked.delete(entity);
      changes.push({ entity, aspect: 'parked', origin: 'breaker', ...said(breaker, reason) });
    }
    return changes;
  }

  nextAtMs(): number | null {
    const next = [...this.#parked.values()].map(({ breaker }) => breaker.nextAtMs()).filter((at) => at !== null);
    return next.length === 0 ? null : Math.min(...next);
  }
}

const waitsOf = ({ delayMs = firstWaitMs }: ErrorRule): { firstMs: number; longestMs: number } => ({
  firstMs: delayMs,
  longestMs: Math.max(longestWaitMs, delayMs),
});

function said(breaker: Breaker, reason: string): Pick<ControlChange, 'value' | 'reason'> {
  if (breaker.state === 'closed') return { value: null, reason: 'the lane takes calls again' };
  if (breaker.state === 'half-open') return { value: JSON.stringify('probing'), reason: `the lane is tried again (${reason})` };
  return { value: JSON.stringify('parked'), reason: `${reason}; tried again after ${breaker.waitMs / 1_000} s` };
}

/** Lanes of an account that the table holds parked by a breaker. */
export function parkedLanes(controls: ControlLookup, account: string): string[] {
  const prefix = laneEntity(account, '');
  const suffix = '/parked/breaker';
  return [...controls.entries()]
    .map(([key]) => key)
    .filter((key) => key.startsWith(prefix) && key.endsWith(suffix) && (controls.get(key)?.value ?? null) !== null)
    .map((key) => key.slice(0, -suffix.length));
}
