// The real decider on a clock of its own: what it grants here is what it would grant, if every call is answered at the
// first try. It jumps over the time in which nothing can be granted.
import { ControlIndex } from '../controls/index.ts';
import { event, metaOf, type Micros, type Request } from '@paceline/contracts';
import type { AccountTerms } from '../pacing/account-terms.ts';
import { decideSlice, nextSlotAt } from '../pacing/decide-slice.ts';
import { PartitionPacing, type PacingTerms } from '../pacing/partition-pacing.ts';
import { MemoryRowStore } from '../pacing/row-store.memory.ts';
import type { Slice } from '../pacing/slice.ts';
import type { RequestEvent } from '../pacing/waiting.ts';
import type { PlannedRow } from './plan-load.ts';

/** What became of one account's rows. */
export interface SimulatedAccount {
  granted: number;
  expired: number;
  /** Rows that get no slot by themselves. */
  held: number;
  /** Instant of its last slot; null when it got none. */
  lastAt: Micros | null;
}

export interface SimulationTerms {
  readonly accounts: ReadonlyMap<string, AccountTerms>;
  readonly start: Micros;
  readonly answerSeconds: number;
  readonly minShare: number;
}

/** Nothing is held in store, nobody set a control, somebody always sends and every call takes as long as assumed. */
const pacingTerms = ({ accounts, answerSeconds, minShare }: SimulationTerms): PacingTerms => ({
  accounts,
  controls: new ControlIndex(),
  board: {
    ...{ heed: () => undefined, speaks: () => true, inFlight: () => 0 },
    ...{ latencyP90Ms: () => answerSeconds * 1_000, latencyMeanMs: () => answerSeconds * 1_000 },
  },
  newSteward: () => ({ heed: () => undefined, decide: () => [], nextAtMs: () => null }),
  slots: { partitions: 1, of: () => 0 },
  store: new MemoryRowStore(),
  residentRows: Number.MAX_SAFE_INTEGER,
  minShare,
  carrySpan: Number.MAX_SAFE_INTEGER,
});

/** Span of a slice, microseconds: the limits hold whatever it is. */
const slice = 1_000_000;

const batchId = 'plan';

/** Only what the pacer asks is filled. */
function admittedRow(row: PlannedRow, number: number): RequestEvent {
  const requestId = `r${number}`;
  const request: Request = {
    ...row,
    ...{ requestId, batchId, row: number, line: number + 1, externalId: null, contact: '', sender: '', parent: null },
    personal: { to: '', params: [] },
  };
  return event('RequestAdmitted', { meta: metaless, request });
}

const metaless = metaOf('RequestAdmitted', { natural: [batchId], at: 0, correlationId: batchId });

class Simulation {
  readonly accounts = new Map<string, SimulatedAccount>();
  readonly #pacing: PartitionPacing;
  #left = 0;

  constructor(
    rows: readonly PlannedRow[],
    private readonly terms: SimulationTerms,
  ) {
    this.#pacing = new PartitionPacing(pacingTerms(terms), { committed: 0, state: new Map(), now: terms.start });
    for (const [offset, row] of rows.entries()) {
      this.#pacing.read(admittedRow(row, offset + 1), { offset, traceparent: null });
      this.#of(row.account).held += 1;
      this.#left += 1;
    }
  }

  run(): void {
    let now = this.terms.start;
    while (this.#left > 0) {
      const before = this.#left;
      this.#count(this.#decide(now));
      const next = this.#left === 0 ? null : nextSlotAt(this.#pacing);
      if (next === null && this.#left === before) return;
      now = Math.max(now + slice, (next ?? 0) - slice + 1);
    }
  }

  #decide(now: Micros): Slice {
    return decideSlice(this.#pacing, {
      now: { wall: now, monotonic: now / 1_000 },
      minLead: 0,
      lead: slice,
      controlsFresh: true,
      maxClosures: Number.MAX_SAFE_INTEGER,
    });
  }

  #count({ grants, closures }: Slice): void {
    for (const { item, slotAt } of grants) {
      const account = this.#of(item.request.account);
      account.granted += 1;
      account.held -= 1;
      account.lastAt = slotAt;
    }
    for (const { item } of closures) {
      const account = this.#of(item.request.account);
      account.expired += 1;
      account.held -= 1;
    }
    this.#left -= grants.length + closures.length;
  }

  #of(name: string): SimulatedAccount {
    let account = this.accounts.get(name);
    if (account === undefined) this.accounts.set(name, (account = { granted: 0, expired: 0, held: 0, lastAt: null }));
    return account;
  }
}

/** Lets the decider grant all these rows, given at once, from `start` on. Ends when no row is left or none can go by itself. */
export function simulatePacing(rows: readonly PlannedRow[], terms: SimulationTerms): ReadonlyMap<string, SimulatedAccount> {
  const simulation = new Simulation(rows, terms);
  simulation.run();
  return simulation.accounts;
}
