import { event, metaOf, type EventOf, type Micros, type Outcome, type OutcomeReason, type RowRange } from '@paceline/contracts';
import type { Waiting } from './waiting.ts';

/** A row that gets no slot any more: this is its outcome. */
export interface Closure {
  readonly item: Waiting;
  readonly outcome: Extract<Outcome, 'cancelled' | 'expired' | 'rejected'>;
  readonly reason: Extract<OutcomeReason, 'cancelled' | 'lane-stopped' | 'throttled-out' | 'expired' | 'unknown-account'>;
}

/** Keeps one RowsClosed far below a broker's message limit whatever rows it lists. */
const rangesPerEvent = 2_000;

/** The fewest events that list these rows, per batch and reason. */
export function rowsClosedOf(closures: readonly Closure[], now: Micros): EventOf<'RowsClosed'>[] {
  const groups = new Map<string, Closure[]>();
  for (const closure of closures) {
    const key = `${closure.item.request.batchId}/${closure.reason}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [closure]);
    else group.push(closure);
  }
  return [...groups.values()].flatMap((group) => eventsOf(group, now));
}

function eventsOf(group: readonly Closure[], now: Micros): EventOf<'RowsClosed'>[] {
  const first = group[0] as Closure;
  const { batchId, account } = first.item.request;
  const ranges = rangesOf(group.map(({ item }) => item.request.row));
  const events: EventOf<'RowsClosed'>[] = [];
  for (let at = 0; at < ranges.length; at += rangesPerEvent) {
    const part = ranges.slice(at, at + rangesPerEvent);
    const meta = metaOf('RowsClosed', { natural: [batchId, part[0]?.from ?? 0], at: now, correlationId: batchId });
    events.push(event('RowsClosed', { meta, batchId, account, ranges: part, outcome: first.outcome, reason: first.reason }));
  }
  return events;
}

/** Rows as ranges, both ends included. */
export function rangesOf(rows: readonly number[]): RowRange[] {
  const ranges: { from: number; to: number }[] = [];
  for (const row of rows.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && row <= last.to + 1) last.to = row;
    else ranges.push({ from: row, to: row });
  }
  return ranges;
}
