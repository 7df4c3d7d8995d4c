import { event, metaOf, recordOf, type Micros } from '@paceline/contracts';
import type { AccountPace, PartitionPacing } from '@paceline/domain/pacing';
import type { OutputRecord } from '@paceline/pipeline';

/** Rarer than the senders' gauges: nothing is granted by it, alerts are raised by it. */
const everyMs = 10_000;

interface Instant {
  readonly wall: Micros;
  readonly monotonic: number;
}

/** Says how many rows of each account wait while any does, and once more when none does any more. Else it is silent. */
export class BacklogGauges {
  /** What was said last; null = by an older owner, if at all. */
  readonly #said = new Map<string, number | null>();
  #dueMs: number;

  constructor(
    private readonly pacing: PartitionPacing,
    private readonly terms: { readonly partition: number; readonly nowMs: number },
  ) {
    this.#dueMs = terms.nowMs + everyMs;
    for (const { name } of pacing.accounts) this.#said.set(name, null);
  }

  /** When there will be something to say, milliseconds monotonic; null = not before a row waits. */
  nextAtMs(): number | null {
    for (const account of this.pacing.accounts) if (this.#isOwed(account)) return this.#dueMs;
    return null;
  }

  take({ wall, monotonic }: Instant): OutputRecord[] {
    if (monotonic < this.#dueMs) return [];
    this.#dueMs = monotonic + everyMs;
    return [...this.pacing.accounts].filter((account) => this.#isOwed(account)).map((account) => this.#gauge(account, wall));
  }

  #isOwed({ name, size }: AccountPace): boolean {
    return size > 0 || (this.#said.has(name) && this.#said.get(name) !== 0);
  }

  #gauge(account: AccountPace, at: Micros): OutputRecord {
    const { name, size } = account;
    const { partition } = this.terms;
    this.#said.set(name, size);
    const meta = metaOf('PacerGauged', { natural: [name, partition, at], at, correlationId: name });
    return recordOf(event('PacerGauged', { meta, account: name, partition, waiting: size, oldestSince: oldestOf(account) }));
  }
}

/** Of the heads of all queues: the rows behind them came with them or later. */
function oldestOf({ backlog, aside }: AccountPace): Micros | null {
  let oldest = Number.POSITIVE_INFINITY;
  for (const { due, later } of backlog.strands) oldest = Math.min(oldest, due.peek()?.since ?? oldest, later.peek()?.since ?? oldest);
  for (const { since } of aside.items) oldest = Math.min(oldest, since);
  return Number.isFinite(oldest) ? oldest : null;
}
