import { PlacesInFlight, shareOfCap } from '@paceline/domain/sending';
import type { Clock } from '@paceline/pipeline';

export interface CapSource {
  /** The configured cap; null for an unknown account. */
  configured(account: string): number | null;
  /** A lower cap asked for by controls; null when there is none. */
  lowered(account: string): number | null;
}

/** The semaphores of all accounts in this process. Each account has its own: none can wait for another's places. */
export class AccountPlaces {
  readonly #places = new Map<string, PlacesInFlight>();

  constructor(
    private readonly caps: CapSource,
    private readonly owned: { readonly count: number; readonly total: number },
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  inFlight(account: string): number {
    return this.#places.get(account)?.inFlight ?? 0;
  }

  /** Claims that wait for their instant. */
  claimed(account: string): number {
    return this.#places.get(account)?.claimed ?? 0;
  }

  hasRoom(account: string, leadMs: number): boolean {
    return this.#of(account).hasRoom(this.#limit(account), leadMs, this.clock.monotonicMs());
  }

  expect(account: string): void {
    this.#of(account).expect();
  }

  arrive(account: string): void {
    this.#of(account).arrive();
  }

  /** A place for a call that starts now, or null. */
  take(account: string): { giveBack(): void } | null {
    const places = this.#of(account);
    const startedMs = this.clock.monotonicMs();
    if (!places.take(this.#limit(account), startedMs)) return null;
    return { giveBack: () => places.giveBack(startedMs, this.clock.monotonicMs()) };
  }

  #limit(account: string): number {
    const configured = this.caps.configured(account) ?? 0;
    const cap = Math.min(configured, this.caps.lowered(account) ?? configured);
    return shareOfCap(cap, this.owned.count, this.owned.total);
  }

  #of(account: string): PlacesInFlight {
    let places = this.#places.get(account);
    if (places === undefined) this.#places.set(account, (places = new PlacesInFlight()));
    return places;
  }
}
