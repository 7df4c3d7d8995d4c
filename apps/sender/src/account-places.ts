import { PlacesInFlight, shareOfCap } from '@paceline/domain/sending';
import type { Clock } from '@paceline/pipeline';

/** Calls in flight at once of an account, over all senders; 0 for an unknown one. */
export type CapOf = (account: string) => number;

/**
 * The main thread's account of claims and calls, for what may be claimed next and for the gauges; it follows what the
 * firing thread reports. The semaphore itself is the firing thread's, under the limit that is told to it from here.
 */
export class AccountPlaces {
  readonly #places = new Map<string, PlacesInFlight>();

  constructor(
    private readonly capOf: CapOf,
    private readonly owned: { readonly count: number; readonly total: number },
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  inFlight(account: string): number {
    return this.#places.get(account)?.inFlight ?? 0;
  }

  /** Most calls under way of this process: its share of the account's cap. */
  limitOf(account: string): number {
    return shareOfCap(this.capOf(account), this.owned.count, this.owned.total);
  }

  /** Whether a claim that is due at `dueMs`, monotonic, can expect a place then. */
  hasRoom(account: string, dueMs: number): boolean {
    return this.#of(account).hasRoom(this.limitOf(account), dueMs, this.clock.monotonicMs());
  }

  expect(account: string, dueMs: number): void {
    this.#of(account).expect(dueMs);
  }

  /** An expected call will not be made. */
  arrive(account: string): void {
    this.#of(account).arrive();
  }

  /** An expected call has begun. */
  begin(account: string, atMs: number): void {
    const places = this.#of(account);
    places.arrive();
    places.take(Number.POSITIVE_INFINITY, atMs);
  }

  end(account: string, times: { readonly startedMs: number; readonly endedMs: number }): void {
    this.#of(account).giveBack(times.startedMs, times.endedMs);
  }

  #of(account: string): PlacesInFlight {
    let places = this.#places.get(account);
    if (places === undefined) this.#places.set(account, (places = new PlacesInFlight()));
    return places;
  }
}
