import { event, metaOf, requestIdOf, type Request } from '@paceline/contracts';
import { unlimited, type AccountTerms } from './account-terms.ts';
import { requestCarriedOf } from './carry.ts';
import { decideSlice } from './decide-slice.ts';
import { HandBoard, HandControls, idleSteward } from './hand-set.suite.ts';
import { PartitionPacing, type PacingTerms } from './partition-pacing.ts';
import { MemoryRowStore } from './row-store.memory.ts';
import type { Slice, Tick } from './slice.ts';
import type { RequestEvent } from './waiting.ts';

/** An ordinary instant, UTC microseconds: large, as real ones are. */
export const noon = 1_790_000_000_000_000;
export const lead = 700_000;
export const minLead = 400_000;

export function aRequest(row: number, over: Partial<Request> = {}): Request {
  const batchId = over.batchId ?? 'batch-a';
  return {
    requestId: requestIdOf(batchId, row),
    batchId,
    account: 'demo',
    api: 'messages',
    lane: 'messages',
    row,
    line: row + 1,
    cost: 1,
    priority: 0,
    notBefore: null,
    expiresAt: null,
    timeZone: null,
    externalId: null,
    contact: 'c'.repeat(32),
    sender: '',
    parent: null,
    personal: { to: '+15005550006', params: [] },
    ...over,
  };
}

export function admitted(row: number, over: Partial<Request> = {}): RequestEvent {
  const request = aRequest(row, over);
  const meta = metaOf('RequestAdmitted', { natural: [request.requestId], at: noon, correlationId: request.batchId });
  return event('RequestAdmitted', { meta, request });
}

export const rowsFrom = (first: number, last: number, over: Partial<Request> = {}): RequestEvent[] =>
  Array.from({ length: last - first + 1 }, (_, n) => admitted(first + n, over));

const noBackoff = { throttles: 0, since: null };

export function retried(row: number, terms: { attempt: number; notBefore: number }, over: Partial<Request> = {}): RequestEvent {
  const request = aRequest(row, over);
  const meta = metaOf('RetryScheduled', { natural: [request.requestId, terms.attempt], at: noon, correlationId: request.batchId });
  return event('RetryScheduled', { meta, request, backoff: noBackoff, reason: 'throttled', previous: 'x', ruleVersion: null, ...terms });
}

export function returned(
  row: number,
  terms: { attempt: number; number: number; reason?: string },
  over: Partial<Request> = {},
): RequestEvent {
  const request = aRequest(row, over);
  const meta = metaOf('SlotReturned', { natural: [request.requestId, terms.number], at: noon, correlationId: request.batchId });
  return event('SlotReturned', { meta, request, backoff: noBackoff, reason: 'late', slotAt: noon, ...terms });
}

/** The slots partition of a request, of four; any fair rule will do. */
export const quarterOf = (requestId: string): number => Number.parseInt(requestId.slice(0, 4), 16) % 4;

export interface BenchSlot {
  readonly requestId: string;
  readonly attempt: number;
  readonly slotAt: number;
  readonly number: number;
  readonly era: number;
  readonly row: number;
  readonly batchId: string;
  readonly lane: string;
  readonly api: string;
  readonly account: string;
  readonly priority: number;
  readonly cost: number;
}

type BenchAccounts = ReadonlyMap<string, number | ({ readonly callsPerSecond: number } & Partial<AccountTerms>)>;

/** One partition's log, its committed state and its clock; `crash` drops all that was not committed. */
export class Bench {
  readonly controls = new HandControls();
  readonly board = new HandBoard();
  readonly log: RequestEvent[] = [];
  readonly slots: BenchSlot[] = [];
  readonly closed: { row: number; outcome: string; reason: string }[] = [];
  readonly said: Slice['controls'][number][] = [];
  readonly accounts: ReadonlyMap<string, AccountTerms>;
  pacing: PartitionPacing;
  store = new MemoryRowStore();
  now = noon;
  monotonic = 0;
  fresh = true;
  #committed = 0;
  #state = new Map<string, string>();

  constructor(
    accounts: BenchAccounts = new Map([['demo', 100]]),
    private readonly over: Partial<PacingTerms> = {},
  ) {
    const entries = [...accounts].map(([name, terms]) => {
      return [name, { ...unlimited, ...(typeof terms === 'number' ? { callsPerSecond: terms } : terms) }] as const;
    });
    this.accounts = new Map(entries);
    this.pacing = this.#open();
  }

  append(...events: RequestEvent[]): this {
    for (const one of events) this.log.push(one);
    return this;
  }

  /** Reads what the log holds beyond the position, decides one slice and commits it (or not). */
  tick(options: { commit?: boolean; readAtMost?: number; maxClosures?: number } = {}): Slice {
    this.read(options.readAtMost ?? Number.POSITIVE_INFINITY);
    const tick: Tick = {
      now: { wall: this.now, monotonic: this.monotonic },
      minLead,
      lead,
      controlsFresh: this.fresh,
      maxClosures: options.maxClosures ?? 1000,
    };
    const slice = decideSlice(this.pacing, tick);
    if (options.commit ?? true) this.#commit(slice);
    return slice;
  }

  read(most: number): void {
    for (let n = 0; n < most && this.pacing.released.position < this.log.length; n += 1) {
      const offset = this.pacing.released.position;
      this.pacing.read(this.log[offset] as RequestEvent, { offset, traceparent: null });
    }
  }

  /** Time passes: slices of 100 ms. */
  run(slices: number): this {
    for (let n = 0; n < slices; n += 1) {
      this.tick();
      this.pass(100_000);
    }
    return this;
  }

  pass(micros: number): void {
    this.now += micros;
    this.monotonic += micros / 1000;
  }

  /** What is set holds from the next slice on. */
  set(key: string, value: unknown): this {
    this.controls.set(key, value);
    this.pacing.controlChanged(key);
    return this;
  }

  crash(): void {
    this.pacing = this.#open();
  }

  get committed(): number {
    return this.#committed;
  }

  get state(): ReadonlyMap<string, string> {
    return this.#state;
  }

  #open(): PartitionPacing {
    this.store.close();
    this.store = new MemoryRowStore();
    const { accounts, controls, board, store } = this;
    const slots = { partitions: 4, of: quarterOf };
    const sizes = { residentRows: 100_000, minShare: 0.05, carrySpan: 2_000_000 };
    const terms = { accounts, controls, board, store, slots, newSteward: () => idleSteward, ...sizes, ...this.over };
    return new PartitionPacing(terms, { committed: this.#committed, state: new Map(this.#state), now: this.now });
  }

  #commit({ grants, closures, carried, controls, state }: Slice): void {
    this.log.push(...carried.map(requestCarriedOf));
    this.said.push(...controls);
    const { offset, changes } = this.pacing.released.commitPoint();
    this.#committed = offset;
    for (const { key, value } of [...changes, ...state]) {
      if (value === null) this.#state.delete(key);
      else this.#state.set(key, value);
    }
    for (const { item, slotAt, number, era } of grants) {
      const { requestId, row, batchId, lane, api, account, priority, cost } = item.request;
      this.slots.push({ requestId, attempt: item.attempt, slotAt, number, era, row, batchId, lane, api, account, priority, cost });
    }
    for (const { item, outcome, reason } of closures) this.closed.push({ row: item.request.row, outcome, reason });
  }
}

/** Most granted cost in any second, both ends counted. */
export function worstSecond(slots: readonly { slotAt: number; cost?: number }[]): number {
  let worst = 0;
  let held = 0;
  let tail = 0;
  for (const { slotAt, cost = 1 } of slots) {
    held += cost;
    for (let old = slots[tail]; old !== undefined && old.slotAt < slotAt - 1_000_000; old = slots[tail]) {
      held -= old.cost ?? 1;
      tail += 1;
    }
    worst = Math.max(worst, held);
  }
  return worst;
}
