import type { EventTypes } from '@paceline/contracts';
import {
  batchOpenness,
  batchPriority,
  batchWeight,
  controlIdOf,
  isBatchCancelled,
  laneEndings,
  parseEntity,
  type Controls,
} from '../controls/index.ts';
import { AccountPace, accountsOf } from './account-pace.ts';
import { accountReportOf } from './account-report.ts';
import type { AccountTerms } from './account-terms.ts';
import { AttemptLedger } from './attempt-ledger.ts';
import { ClockWatch, type Instant } from './clock-watch.ts';
import { Closing } from './closing.ts';
import type { Closure } from './closures.ts';
import type { AccountReport } from './pacing-report.ts';
import { ReleasedOffsets } from './released-offsets.ts';
import type { RowStore } from './row-store.ts';
import { RowShelf } from './row-shelf.ts';
import type { AccountSteward, GaugeBoard } from './signals.ts';
import { standingOf } from './standing.ts';
import { Stewards } from './stewards.ts';
import type { Strand } from './strand.ts';
import { waitingOf, type RequestEvent, type Waiting } from './waiting.ts';

export interface PacingTerms {
  readonly accounts: ReadonlyMap<string, AccountTerms>;
  readonly controls: Controls;
  readonly board: GaugeBoard;
  readonly newSteward: (account: string) => AccountSteward;
  /** Which slots partition a request's slots go to, of how many. */
  readonly slots: { readonly partitions: number; of(requestId: string): number };
  readonly store: RowStore;
  /** Rows in memory, as far as each queue has its head there. */
  readonly residentRows: number;
  /** Share of the pace kept for lower priorities. */
  readonly minShare: number;
  /** Records between the oldest waiting row and the newest record before old rows are appended again. */
  readonly carrySpan: number;
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

const cancelled = { outcome: 'cancelled', reason: 'cancelled' } as const;
const laneStopped = { outcome: 'cancelled', reason: 'lane-stopped' } as const;
const throttledOut = { outcome: 'rejected', reason: 'throttled-out' } as const;

/**
 * All that one opening of a `requests` partition knows. It moves ahead of its commits; when the end of one is unknown the
 * whole of it is dropped and built again from the log, never repaired.
 */
export class PartitionPacing {
  readonly released: ReleasedOffsets;
  readonly ledger = new AttemptLedger();
  readonly clock = new ClockWatch();
  readonly closing = new Closing();
  readonly stewards: Stewards;
  /** When the last slice was decided, and how far ahead; null before the first one. */
  asOf: { readonly now: Instant; readonly lead: number } | null = null;
  /** End of the last slice, UTC microseconds: slices never overlap. */
  horizon = 0;
  readonly #shelf: RowShelf;
  readonly #accounts = new Map<string, AccountPace>();

  constructor(
    readonly terms: PacingTerms,
    private readonly takeover: Takeover,
  ) {
    this.released = new ReleasedOffsets(takeover.committed, takeover.state);
    this.stewards = new Stewards(terms.newSteward);
    this.#shelf = new RowShelf(terms.store, terms.residentRows);
    for (const name of accountsOf(takeover.state)) if (terms.accounts.has(name)) this.account(name);
  }

  get accounts(): Iterable<AccountPace> {
    return this.#accounts.values();
  }

  /** Rows that wait, wherever they are held. */
  get size(): number {
    let size = this.closing.size;
    for (const account of this.#accounts.values()) size += account.size;
    return size;
  }

  /** Rows that wait in memory. */
  get residentSize(): number {
    return this.#shelf.residentSize;
  }

  /** Folds one record of `requests`; records come in offset order. */
  read(event: RequestEvent, origin: { offset: number; traceparent: string | null }): Verdict {
    if (!this.released.hold(origin.offset)) return 'known';
    const item = waitingOf(event, origin);
    if (event.type === 'RequestCarried') this.ledger.carried(item);
    else if (!this.ledger.wait(item)) {
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

  /** What the answers of an account's calls were. */
  counted(counts: EventTypes['CodesCounted'], now: Instant): void {
    if (this.terms.accounts.has(counts.account)) this.stewards.heed(counts, now);
  }

  /** The control of this key changed: what it says about a batch or lane holds from now on for the rows that wait. */
  controlChanged(key: string): void {
    const { entity, aspect } = controlIdOf(key);
    const { kind, id } = parseEntity(entity);
    if (kind === 'batch') for (const account of this.#accounts.values()) this.#applyBatch(account, id, aspect);
    if (kind === 'lane') for (const account of this.#accounts.values()) this.#applyLane(account, id);
  }

  /** How its accounts stand, for a person. */
  report(now: number): AccountReport[] {
    const { controls, board } = this.terms;
    const { wall, monotonic } = this.asOf?.now ?? { wall: now, monotonic: 0 };
    const nowMs = monotonic + (now - wall) / 1000;
    const from = Math.max(now, this.horizon + 1);
    return [...this.#accounts.values()].map((account) => {
      const standing = standingOf(account, { controls, board, nowMs, lead: this.asOf?.lead ?? 0 });
      return accountReportOf({ account, standing, controls, heard: this.isHeard(nowMs), from, now });
    });
  }

  /** Whether anybody sends from any slots partition. */
  isHeard(nowMs: number): boolean {
    const { board, slots } = this.terms;
    for (let partition = 0; partition < slots.partitions; partition += 1) if (board.speaks(partition, nowMs)) return true;
    return false;
  }

  /** Takes out waiting rows with an offset below the given one. */
  takeBelow(offset: number, most: number): Waiting[] {
    const taken = this.#shelf.takeBelow(offset, most);
    for (const { aside } of this.#accounts.values()) {
      taken.push(...aside.extract((item) => item.offset < offset, Math.max(0, most - taken.length)));
    }
    return taken;
  }

  account(name: string): AccountPace {
    let account = this.#accounts.get(name);
    if (account === undefined) {
      const { accounts, controls, minShare } = this.terms;
      const terms = accounts.get(name);
      if (terms === undefined) throw new Error(`no account ${name} in the settings`);
      const batch = (batchId: string) => ({
        held: batchOpenness(controls, batchId).kind === 'shut',
        weight: batchWeight(controls, batchId),
        priority: batchPriority(controls, batchId),
      });
      account = AccountPace.resumed({ name, terms, controls, shelf: this.#shelf, minShare, batch }, this.takeover);
      this.#accounts.set(name, account);
      this.stewards.appoint(name);
    }
    return account;
  }

  #place(item: Waiting): Verdict {
    const { account, batchId } = item.request;
    if (!this.terms.accounts.has(account)) return this.#close({ item, outcome: 'rejected', reason: 'unknown-account' });
    if (isBatchCancelled(this.terms.controls, batchId)) return this.#close({ item, ...cancelled });
    const ended = this.#laneEnding(item);
    if (ended !== null) return this.#close(ended);
    this.account(account).backlog.add(item);
    return 'waits';
  }

  #close(closure: Closure): Verdict {
    this.closing.add(closure);
    return 'closes';
  }

  #laneEnding(item: Waiting): Closure | null {
    const { account, lane } = item.request;
    const { cancelled: byPerson, throttledOut: byPacer } = laneEndings(this.terms.controls, account, lane);
    if (item.since < byPerson) return { item, ...laneStopped };
    return item.since < byPacer ? { item, ...throttledOut } : null;
  }

  #applyBatch(account: AccountPace, batchId: string, aspect: string): void {
    const ofBatch = ({ terms }: Strand): boolean => terms.batchId === batchId;
    account.backlog.refreshBatch(batchId);
    if (aspect === 'release') account.backlog.regate(ofBatch);
    if (!isBatchCancelled(this.terms.controls, batchId)) return;
    this.#retire(account, ofBatch, (item) => ({ item, ...cancelled }));
    for (const item of account.aside.extract(({ request }) => request.batchId === batchId)) this.#close({ item, ...cancelled });
  }

  #applyLane(account: AccountPace, id: string): void {
    const lane = id.startsWith(`${account.name}/`) ? id.slice(account.name.length + 1) : id;
    account.gates.refreshLane(lane);
    const { cancelled: byPerson, throttledOut: byPacer } = laneEndings(this.terms.controls, account.name, lane);
    if (byPerson === 0 && byPacer === 0) return;
    const ending = (item: Waiting): Closure | null => (item.request.lane === lane ? this.#laneEnding(item) : null);
    this.#retire(account, ({ terms }) => terms.lane === lane, ending);
    for (const item of account.aside.extract((row) => ending(row) !== null)) this.#close(ending(item) ?? { item, ...laneStopped });
  }

  #retire({ backlog }: AccountPace, matches: (strand: Strand) => boolean, judge: (item: Waiting) => Closure | null): void {
    for (const strand of backlog.retire(matches)) this.closing.retire({ strand, judge, stays: (item) => backlog.add(item) });
  }
}
