import type { Request } from '@paceline/contracts';
import { isBatchReleased, laneOpenness, type Controls } from '../controls/index.ts';
import type { AccountTerms } from './account-terms.ts';
import { ApiDoor, LaneDoor, ZoneDoor, type PaceDoor } from './doors.ts';
import { Gate } from './gate.ts';
import type { GateWheel } from './gate-wheel.ts';
import type { LimitBook } from './limit-book.ts';
import { isTimeZone } from './time-zone.ts';

/** A gate whose rule can be read. */
export type PaceGate = Gate<PaceDoor>;

interface GatesTerms {
  readonly account: string;
  readonly terms: AccountTerms;
  readonly controls: Controls;
  readonly book: LimitBook;
  readonly wheel: GateWheel;
  readonly minShare: number;
  /** The takeover, UTC microseconds. */
  readonly now: number;
}

const unknownZone = '?';

export const laneKeyPrefix = (account: string): string => `lane:${account}/`;
export const apiKeyPrefix = (account: string): string => `api:${account}/`;

/** All that rows of one account must pass beside the account's own limits: lanes, APIs, zones. Made when first needed. */
export class AccountGates {
  readonly #gates = new Map<string, PaceGate>();

  constructor(private readonly parts: GatesTerms) {}

  get all(): Iterable<PaceGate> {
    return this.#gates.values();
  }

  /** Rows with the same passage pass the same gates. */
  passage(request: Request): string {
    const zone = this.#zoneOf(request);
    return zone === null ? request.lane : `${request.lane}@${zone}`;
  }

  /** What is not used up comes first: who may not pass there must not stand in line for what others could use. */
  of(request: Request): readonly PaceGate[] {
    const gates: PaceGate[] = [];
    const zone = this.#zoneOf(request);
    if (zone !== null && !(zone === unknownZone && isBatchReleased(this.parts.controls, request.batchId))) gates.push(this.#zone(zone));
    gates.push(this.#lane(request));
    const rate = this.parts.terms.apiLimits[request.api];
    if (rate !== undefined) gates.push(this.#api(request.api, rate));
    return gates;
  }

  /** A control about a lane has changed. */
  refreshLane(lane: string): void {
    const gate = this.#gates.get(laneId(lane));
    if (gate?.door.kind !== 'lane') return;
    gate.door.openness = laneOpenness(this.parts.controls, this.parts.account, lane);
    this.parts.wheel.stir(gate);
  }

  /** The clock stepped. */
  restart(now: number): void {
    for (const { door } of this.#gates.values()) if (door.kind === 'lane') door.restart(now);
    this.parts.wheel.restart(this.#gates.values(), now);
  }

  /** Forgets gates that nobody waits for and whose limits are as good as new. */
  sweep(now: number): void {
    for (const [id, gate] of this.#gates) {
      const isProbed = gate.door.kind === 'lane' && gate.door.openness.kind === 'probing';
      if (gate.users === 0 && !isProbed && this.parts.book.forget(this.#keyOf(gate.door), now)) this.#gates.delete(id);
    }
  }

  /** A key is in the changelog: its limit must be there to say when it matters no more. */
  #keyOf(door: PaceDoor): string {
    const { account } = this.parts;
    if (door.kind === 'lane') return laneKeyPrefix(account) + door.lane;
    return door.kind === 'api' ? apiKeyPrefix(account) + door.api : '';
  }

  /** Null = the recipient's day does not count; '?' = it is not known. */
  #zoneOf({ api, timeZone }: Request): string | null {
    const { quietHours } = this.parts.terms;
    if (quietHours === null || !quietHours.apis.includes(api)) return null;
    if (timeZone !== null && isTimeZone(timeZone)) return timeZone;
    return quietHours.unknownZone === 'send' ? null : unknownZone;
  }

  #lane({ api, lane }: Request): PaceGate {
    return this.#gate(laneId(lane), () => {
      const { account, book, controls, now } = this.parts;
      const key = laneKeyPrefix(account) + lane;
      const rate = this.#rateOf(api, lane);
      const limit = rate === null ? null : book.limit(key, rate);
      return new LaneDoor({ lane, limit, openness: laneOpenness(controls, account, lane), lastAt: now, moved: () => book.moved(key) });
    });
  }

  /** A sender's rate counts message segments: other APIs have none. */
  #rateOf(api: string, lane: string): number | null {
    const { laneRates, unlistedSegmentsPerSecond } = this.parts.terms;
    if (api !== 'messages') return null;
    return laneRates.get(lane) ?? (lane === api ? null : unlistedSegmentsPerSecond);
  }

  #api(api: string, rate: number): PaceGate {
    return this.#gate(`api:${api}`, () => {
      const key = apiKeyPrefix(this.parts.account) + api;
      return new ApiDoor(api, this.parts.book.limit(key, rate), () => this.parts.book.moved(key));
    });
  }

  #zone(zone: string): PaceGate {
    const hours = this.parts.terms.quietHours ?? { from: '00:00', to: '00:00' };
    return this.#gate(`zone:${zone}`, () => new ZoneDoor(zone === unknownZone ? null : zone, hours));
  }

  #gate(id: string, door: () => PaceDoor): PaceGate {
    let gate = this.#gates.get(id);
    if (gate === undefined) {
      const { minShare, wheel } = this.parts;
      gate = new Gate(door(), minShare, (stirred) => wheel.stir(stirred));
      this.#gates.set(id, gate);
    }
    return gate;
  }
}

const laneId = (lane: string): string => `lane:${lane}`;
