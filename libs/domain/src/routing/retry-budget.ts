import type { RetryReason } from '@paceline/contracts';

/** What one batch has used of its budget in one partition. */
interface Use {
  rows: number;
  retries: number;
  /** Monotonic milliseconds until which it is worth remembering. */
  untilMs: number;
}

/** A partition allows a batch so many retries whatever its rows there: a share of few rows says nothing. */
const atLeast = 10;
/** Longer than any row may wait for its next try. */
const keptMs = 8 * 86_400_000;

/** Retries that a fault asks for. What a gate or a stopped account holds back was not tried in vain. */
const counted: ReadonlySet<RetryReason> = new Set<RetryReason>(['throttled', 'network', 'lookup-again']);

export const isCounted = (reason: string): boolean => counted.has(reason as RetryReason);

/**
 * How many automatic retries a batch may still cause. Rows of a batch are spread evenly over the partitions, so each
 * partition answers for its own rows: at most `perRow` retries per row whose first attempt it saw, and ten in any case.
 * The counts are part of the partition's state: a takeover neither forgets nor doubles them.
 */
export class RetryBudgets {
  readonly #uses = new Map<string, Use>();
  readonly #changed = new Set<string>();

  /** `perRow` null = no bound: nothing is counted. */
  constructor(private readonly perRow: number | null) {}

  restore(batchId: string, value: string, nowMs: number): void {
    const { rows, retries } = JSON.parse(value) as Use;
    this.#uses.set(batchId, { rows, retries, untilMs: nowMs + keptMs });
  }

  /** A row of the batch is tried for the first time. */
  started(batchId: string, nowMs: number): void {
    if (this.perRow !== null) this.#use(batchId, nowMs).rows += 1;
  }

  /** A retry of one of its rows was decided. */
  spent(batchId: string, nowMs: number): void {
    if (this.perRow !== null) this.#use(batchId, nowMs).retries += 1;
  }

  isSpent(batchId: string): boolean {
    if (this.perRow === null) return false;
    const { rows, retries } = this.#uses.get(batchId) ?? { rows: 0, retries: 0 };
    return retries >= Math.max(atLeast, Math.floor(rows * this.perRow));
  }

  /** Forgets batches of which nothing was heard for as long as a row can wait. */
  drop(nowMs: number): void {
    for (const [batchId, { untilMs }] of this.#uses) {
      if (untilMs > nowMs) continue;
      this.#uses.delete(batchId);
      this.#changed.add(batchId);
    }
  }

  /** State changes since the last call, by batch. */
  takeChanges(): { batchId: string; value: string | null }[] {
    const changes = [...this.#changed].map((batchId) => ({ batchId, value: this.#frozen(batchId) }));
    this.#changed.clear();
    return changes;
  }

  #frozen(batchId: string): string | null {
    const use = this.#uses.get(batchId);
    return use === undefined ? null : JSON.stringify({ rows: use.rows, retries: use.retries });
  }

  #use(batchId: string, nowMs: number): Use {
    const use = this.#uses.get(batchId) ?? { rows: 0, retries: 0, untilMs: 0 };
    use.untilMs = nowMs + keptMs;
    this.#uses.set(batchId, use);
    this.#changed.add(batchId);
    return use;
  }
}
