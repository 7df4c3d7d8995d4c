import type { ErrorRule } from '@paceline/contracts';
import { laneEntity, type Controls } from '../controls/index.ts';
import { Breaker } from './breaker.ts';
import type { Instant } from './clock-watch.ts';
import type { ControlChange } from './signals.ts';

interface Parked {
  readonly breaker: Breaker;
  readonly reason: string;
  /** When it was parked first, monotonic milliseconds. */
  readonly sinceMs: number;
  /** When its rows were last ended. */
  endedMs: number;
}

const leastBetweenEndingsMs = 5_000;
const firstWaitMs = 30_000;
const longestWaitMs = 600_000;

/** The lanes whose queue is full at the other side: parked, tried again after a wait, free at the first acceptance. */
export class StewardLanes {
  readonly #parked = new Map<string, Parked>();

  /** A row may be throttled so long, milliseconds. */
  constructor(private readonly maxWaitMs: number) {}

  /** A lane found parked when this steward began; the wait begins anew. */
  adopt(entity: string, value: unknown, nowMs: number): void {
    if (value !== 'parked' && value !== 'probing') return;
    const breaker = new Breaker({ firstMs: firstWaitMs, longestMs: longestWaitMs });
    breaker.adopt(value === 'parked' ? 'open' : 'half-open', nowMs);
    this.#parked.set(entity, { breaker, reason: 'its queue was full', sinceMs: nowMs, endedMs: nowMs });
  }

  full(entity: string, { rule, code }: { rule: ErrorRule; code: number | null }, nowMs: number): void {
    const known = this.#parked.get(entity);
    const isNew = known === undefined || known.breaker.state === 'closed';
    const { sinceMs, endedMs } = isNew ? { sinceMs: nowMs, endedMs: nowMs } : known;
    const breaker = known?.breaker ?? new Breaker(waitsOf(rule));
    breaker.heed({ faults: 1, proofs: 0 }, nowMs);
    this.#parked.set(entity, { breaker, reason: `code ${code}: ${rule.meaning}`, sinceMs, endedMs });
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

  /** Rows that have waited in a full lane for as long as a row may be throttled: they end, said as an instant. */
  endings({ wall, monotonic }: Instant): readonly ControlChange[] {
    const changes: ControlChange[] = [];
    for (const [entity, lane] of this.#parked) {
      if (lane.breaker.state === 'closed' || monotonic < this.#nextEndingMs(lane)) continue;
      lane.endedMs = monotonic;
      const value = JSON.stringify(wall - this.maxWaitMs * 1_000);
      const reason = `rows waited ${this.maxWaitMs / 1_000} s in a full lane (${lane.reason})`;
      changes.push({ entity, aspect: 'cancelled', origin: 'breaker', value, reason });
    }
    return changes;
  }

  nextAtMs(): number | null {
    const parked = [...this.#parked.values()];
    const turns = parked.map(({ breaker }) => breaker.nextAtMs()).filter((at) => at !== null);
    const endings = parked.filter(({ breaker }) => breaker.state !== 'closed').map((lane) => this.#nextEndingMs(lane));
    return turns.length + endings.length === 0 ? null : Math.min(...turns, ...endings);
  }

  #nextEndingMs({ sinceMs, endedMs }: Parked): number {
    return Math.max(sinceMs + this.maxWaitMs, endedMs + Math.max(leastBetweenEndingsMs, this.maxWaitMs / 10));
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

/** Lanes of an account that a breaker holds parked. */
export function parkedLanes(controls: Controls, account: string): string[] {
  const prefix = laneEntity(account, '');
  return [...controls.all()]
    .filter(({ entity, aspect, origin }) => entity.startsWith(prefix) && aspect === 'parked' && origin === 'breaker')
    .map(({ entity }) => entity);
}
