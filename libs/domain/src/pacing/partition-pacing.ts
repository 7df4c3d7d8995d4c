import { AccountPace } from './account-pace.ts';
import { AttemptLedger } from './attempt-ledger.ts';
import type { Backlog } from './backlog.ts';
import { ClockWatch } from './clock-watch.ts';
import type { Closure } from './closures.ts';
import { batchOfControl, batchWeight, isBatchCancelled, isBatchPaused, type ControlLookup } from './pace-controls.ts';
import { ReleasedOffsets } from './released-offsets.ts';
import { waitingOf, type RequestEvent, type Waiting } from './waiting.ts';

export interface PacingTerms {
  /** Configured calls per second by account name. */
  readonly accounts: ReadonlyMap<string, number>;
  readonly controls: ControlLookup;
  readonly newBacklog: () => Backlog;
}

export interface Takeover {
  /** Committed offset of `requests`. */
  readonly committed: number;
  /** The changelog, restored to its end. */
  readonly state: ReadonlyMap<string, string>;
  /** UTC microseconds. */
  readonly now: number;
}

/** What became of a record: `known` was released before, `duplicate` repeats an attempt that waits or was granted. */
export type Verdict = 'waits' | 'closes' | 'known' | 'duplicate';

/**
 * All that one opening of a `requests` partition knows. It moves ahead of its commits; when the end of one is unknown the
 * whole of it is dropped and built again from the log, never repaired.
 */
export class PartitionPacing {
  readonly released: ReleasedOffsets;
  readonly ledger = new AttemptLedger();
  readonly clock = new ClockWatch();
  /** End of the last slice, UTC microseconds: slices never overlap. */
  horizon = 0;
  /** Rows that wait for nothing but the commit of their outcome. */
  closing: Closure[] = [];
  readonly #accounts = new Map<string, AccountPace>();

  constructor(
    readonly terms: PacingTerms,
    private readonly takeover: Takeover,
  ) {
    this.released = new ReleasedOffsets(takeover.committed, takeover.state);
    for (const name of terms.accounts.keys()) if (takeover.state.has(`account:${name}`)) this.#account(name);
  }

  get accounts(): Iterable<AccountPace> {
    return this.#accounts.values();
  }

  /** Rows held in memory. */
  get size(): number {
    let size = this.closing.length;
    for (const { backlog } of this.#accounts.values()) size += backlog.size;
    return size;
  }

  /** Folds one record of `requests`; records come in offset order. */
  read(event: RequestEvent, origin: { offset: number; traceparent: string | null }): Verdict {
    if (!this.released.hold(origin.offset)) return 'known';
    const item = waitingOf(event, origin);
    if (!this.ledger.wait(item)) {
      this.released.release(item.offset);
      return 'duplicate';
    }
    return this.#place(item);
  }

  /** A record that belongs to no row of ours any more; true when its dead letter is still to be written. */
  bury(offset: number): boolean {
    if (!this.released.hold(offset)) return false;
    this.released.release(offset);
    return true;
  }

  /** A control changed: what it says about a batch holds from now on for the rows that wait. */
  controlChanged(key: string): void {
    const batchId = batchOfControl(key);
    if (batchId === null) return;
    for (const account of this.#accounts.values()) this.#applyBatch(account, batchId);
  }

  #place(item: Waiting): Verdict {
    const { account, batchId } = item.request;
    if (!this.terms.accounts.has(account)) return this.#close(item, { outcome: 'rejected', reason: 'unknown-account' });
    if (isBatchCancelled(this.terms.controls, batchId)) return this.#close(item, { outcome: 'cancelled', reason: 'cancelled' });
    this.#account(account).backlog.add(item);
    return 'waits';
  }

  #close(item: Waiting, why: Pick<Closure, 'outcome' | 'reason'>): Verdict {
    this.closing.push({ item, ...why });
    return 'closes';
  }

  #applyBatch({ backlog }: AccountPace, batchId: string): void {
    const { controls } = this.terms;
    backlog.hold(batchId, isBatchPaused(controls, batchId));
    backlog.weigh(batchId, batchWeight(controls, batchId));
    if (!isBatchCancelled(controls, batchId)) return;
    for (const item of backlog.remove(batchId)) this.#close(item, { outcome: 'cancelled', reason: 'cancelled' });
  }

  #account(name: string): AccountPace {
    let account = this.#accounts.get(name);
    if (account === undefined) {
      const callsPerSecond = this.terms.accounts.get(name) ?? 0;
      const backlog = this.terms.newBacklog();
      account = AccountPace.resumed({ name, callsPerSecond, backlog }, this.takeover.state, this.takeover.now);
      this.#accounts.set(name, account);
      for (const [key] of this.terms.controls.entries()) {
        const batchId = batchOfControl(key);
        if (batchId !== null) this.#applyBatch(account, batchId);
      }
    }
    return account;
  }
}
