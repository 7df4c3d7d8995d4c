import type { Micros, Request } from '@paceline/contracts';
import { capSeconds, laneRateOf, type PlanAccount } from './plan-account.ts';

/** What the pacer looks at of a row; everything else of it costs memory and decides nothing. */
export type PlannedRow = Pick<Request, 'account' | 'api' | 'lane' | 'cost' | 'priority' | 'notBefore' | 'expiresAt' | 'timeZone'>;

export interface Load {
  rows: number;
  /** Segments of messages; 1 for every other call. */
  segments: number;
}

/** All that one account would have to call for a file. */
export class AccountLoad implements Load {
  rows = 0;
  segments = 0;
  /** Rows that quiet hours may keep back, by zone; the empty name is a zone nobody knows. */
  readonly zones = new Map<string, number>();
  readonly apis = new Map<string, Load>();
  readonly lanes = new Map<string, Load>();
  /** Latest of the rows' own earliest instants; null when none has one. */
  notBefore: Micros | null = null;
  /** Rows that would be past their expiry, by the limits alone. */
  expiring = 0;

  constructor(readonly account: PlanAccount) {}

  /** Adds a row; `start` is the instant that the whole plan begins at. */
  add(row: PlannedRow, start: Micros): void {
    for (const load of [this, loadOf(this.apis, row.api), loadOf(this.lanes, row.lane)]) {
      load.rows += 1;
      load.segments += row.cost;
    }
    if (keepsQuiet(this.account, row.api)) this.#addZone(row.timeZone ?? '');
    if (row.notBefore !== null) this.notBefore = Math.max(this.notBefore ?? 0, row.notBefore);
    if (row.expiresAt !== null && this.#estimate(row, start) > row.expiresAt) this.expiring += 1;
  }

  #addZone(zone: string): void {
    this.zones.set(zone, (this.zones.get(zone) ?? 0) + 1);
  }

  /** Slot of the row last added, by the limits it passes and the rows before it. */
  #estimate({ api, lane, notBefore }: PlannedRow, start: Micros): Micros {
    const { account } = this;
    const apiLimit = account.apiLimits[api] ?? Number.POSITIVE_INFINITY;
    const laneRate = laneRateOf(account, lane) ?? Number.POSITIVE_INFINITY;
    const seconds = Math.max(
      (this.rows - 1) / account.callsPerSecond,
      (loadOf(this.apis, api).rows - 1) / apiLimit,
      (loadOf(this.lanes, lane).segments - 1) / laneRate,
      capSeconds(this.rows, account, start),
    );
    return Math.max(notBefore ?? 0, start + seconds * 1e6);
  }
}

const keepsQuiet = ({ quietHours }: PlanAccount, api: string): boolean => quietHours?.apis.includes(api) === true;

function loadOf(loads: Map<string, Load>, name: string): Load {
  let load = loads.get(name);
  if (load === undefined) loads.set(name, (load = { rows: 0, segments: 0 }));
  return load;
}

/** Rows kept one by one, so that the real decider can be asked; beyond it only their sums are. */
export const mostSimulatedRows = 1_000_000;

/** Folds the admitted rows of a file, in their order. Memory is bounded whatever the file's size. */
export class PlanLoad {
  readonly accounts = new Map<string, AccountLoad>();
  #rows: PlannedRow[] | null = [];
  readonly #lanes = new Map<string, string>();

  constructor(
    private readonly known: ReadonlyMap<string, PlanAccount>,
    readonly start: Micros,
    private readonly most = mostSimulatedRows,
  ) {}

  /** Every row, in order; null when there are too many to be simulated. */
  get rows(): readonly PlannedRow[] | null {
    return this.#rows;
  }

  add({ account, api, lane, cost, priority, notBefore, expiresAt, timeZone }: PlannedRow): void {
    const terms = this.known.get(account);
    if (terms === undefined) throw new Error(`no account ${account}`);
    const row = { account: terms.name, api, lane: this.#shared(lane), cost, priority, notBefore, expiresAt, timeZone };
    let load = this.accounts.get(account);
    if (load === undefined) this.accounts.set(account, (load = new AccountLoad(terms)));
    load.add(row, this.start);
    if (this.#rows !== null && this.#rows.length >= this.most) this.#rows = null;
    this.#rows?.push(row);
  }

  /** One text per lane, not one per row. */
  #shared(lane: string): string {
    let shared = this.#lanes.get(lane);
    if (shared === undefined) this.#lanes.set(lane, (shared = lane));
    return shared;
  }
}
