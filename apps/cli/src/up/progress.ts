import type { BatchTotals } from '@paceline/domain/reporting';

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

function eta(open: number, rate: number): string {
  if (open === 0 || rate <= 0) return '-';
  const seconds = Math.ceil(open / rate);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

/** One line: where the rows are, the pace reached against the configured one, and the time left. */
export function progressLine(totals: readonly BatchTotals[], rate: { now: number; configured: number }): string {
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
  return `${parts.join(' · ')} | ${rate.now.toFixed(1)}/s of ${rate.configured}/s | ETA ${eta(open, rate.configured)}`;
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
