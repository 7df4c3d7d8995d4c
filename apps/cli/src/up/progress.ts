import type { BatchTotals } from '@paceline/domain/reporting';
import { durationText } from '../status-view.ts';

/** Calls a second over the last seconds, from successive counts. */
export class RateMeter {
  readonly #samples: { atMs: number; calls: number }[] = [];

  add(atMs: number, calls: number): number {
    this.#samples.push({ atMs, calls });
    while (this.#samples.length > 6) this.#samples.shift();
    const [oldest] = this.#samples;
    const span = oldest === undefined ? 0 : atMs - oldest.atMs;
    return span <= 0 || oldest === undefined ? 0 : ((calls - oldest.calls) * 1_000) / span;
  }
}

const sum = (totals: readonly BatchTotals[], of: (batch: BatchTotals) => number): number =>
  totals.reduce((all, batch) => all + of(batch), 0);

/** What the pacer says of the rows that wait. */
export interface PaceNote {
  /** Null when it cannot be told: nothing waits, or what waits does not go on by itself. */
  readonly etaSeconds: number | null;
  /** What the most rows wait for, when it is not the pace itself. */
  readonly waits: string | null;
}

export interface Pace {
  /** Calls a second, now and as configured. */
  readonly now: number;
  readonly configured: number;
  /** Null while no pacer answers. */
  readonly note: PaceNote | null;
}

/** The pacer's estimate, else what the configured pace alone would take. */
function eta(open: number, { configured, note }: Pace): string {
  const seconds = note === null ? Math.ceil(open / configured) : note.etaSeconds;
  return open === 0 || seconds === null || !Number.isFinite(seconds) ? '-' : durationText(seconds);
}

/** One line: where the rows are, the pace reached against the configured one, the time left, and what holds most rows. */
export function progressLine(totals: readonly BatchTotals[], pace: Pace): string {
  const open = sum(totals, (b) => b.open);
  const inFlight = sum(totals, (b) => b.inFlight);
  const parts = [
    `admitted ${sum(totals, (b) => b.admitted)}`,
    `refused ${sum(totals, (b) => b.refused)}`,
    `waiting ${Math.max(0, open - inFlight)}`,
    `in flight ${inFlight}`,
    `accepted ${sum(totals, (b) => b.outcomes.accepted)}`,
    `rejected ${sum(totals, (b) => b.outcomes.rejected)}`,
    `suppressed ${sum(totals, (b) => b.outcomes.suppressed)}`,
    `throttled ${sum(totals, (b) => b.throttled)}`,
    `in doubt ${sum(totals, (b) => b.inDoubt)}`,
  ];
  const waits = pace.note?.waits ?? null;
  return `${parts.join(' · ')} | ${pace.now.toFixed(1)}/s of ${pace.configured}/s | ETA ${eta(open, pace)}${waits === null ? '' : ` | ${waits}`}`;
}

/** Rewrites one line on a terminal, prints a line now and then elsewhere; always on standard error when JSON is asked. */
export class ProgressView {
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  show(line: string, nowMs: number): void {
    if (this.stream.isTTY) this.stream.write(`\r\u001b[2K${line.slice(0, (this.stream.columns ?? 160) - 1)}`);
    else if (nowMs - this.#lastMs >= 5_000) {
      this.#lastMs = nowMs;
      this.stream.write(`${line}\n`);
    }
  }

  end(): void {
    if (this.stream.isTTY) this.stream.write('\n');
  }
}
