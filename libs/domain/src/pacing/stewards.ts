import type { EventTypes } from '@paceline/contracts';
import type { Controls } from '../controls/index.ts';
import type { Instant } from './clock-watch.ts';
import type { AccountSteward, ControlChange } from './signals.ts';

interface Seat {
  readonly steward: AccountSteward;
  /** Something was counted since it decided. */
  heard: boolean;
  decidedMs: number;
}

const everyMs = 1_000;

/** The stewards of the accounts of one partition: each is asked when it heard something, when it wants to be, and now and then. */
export class Stewards {
  readonly #seats = new Map<string, Seat>();

  constructor(private readonly newSteward: (account: string) => AccountSteward) {}

  appoint(account: string): void {
    if (this.#seats.has(account)) return;
    this.#seats.set(account, { steward: this.newSteward(account), heard: false, decidedMs: Number.NEGATIVE_INFINITY });
  }

  heed(counted: EventTypes['CodesCounted'], now: Instant): void {
    this.appoint(counted.account);
    const seat = this.#seats.get(counted.account);
    if (seat === undefined) return;
    seat.heard = true;
    seat.steward.heed(counted, now);
  }

  decide(controls: Controls, now: Instant): ControlChange[] {
    const changes: ControlChange[] = [];
    for (const seat of this.#seats.values()) {
      if (!isAsked(seat, now.monotonic)) continue;
      seat.heard = false;
      seat.decidedMs = now.monotonic;
      changes.push(...seat.steward.decide(controls, now));
    }
    return changes;
  }

  /** When one of them has to be asked, milliseconds monotonic; null = not before a record comes. */
  nextAtMs(): number | null {
    let next: number | null = null;
    for (const { steward, heard } of this.#seats.values()) {
      const at = heard ? Number.NEGATIVE_INFINITY : steward.nextAtMs();
      if (at !== null) next = Math.min(next ?? at, at);
    }
    return next;
  }
}

function isAsked({ steward, heard, decidedMs }: Seat, nowMs: number): boolean {
  const wantedMs = steward.nextAtMs();
  return heard || nowMs - decidedMs >= everyMs || (wantedMs !== null && wantedMs <= nowMs);
}
