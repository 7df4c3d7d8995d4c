import type { Request } from '@paceline/contracts';
import type { Clock } from '@paceline/pipeline';
import type { AccountPlaces } from './account-places.ts';
import type { PendingClaims } from './pending-claims.ts';
import type { SendGates } from './send-gates.ts';
import type { Scheduler } from './sender-ports.ts';

export interface PendingGatesOptions {
  readonly gates: SendGates;
  readonly places: AccountPlaces;
  readonly pending: PendingClaims;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly scheduler: Scheduler;
  /** Judges the pending claims again, all of them. */
  readonly judge: () => void;
  /** Takes back the claims whose deadline is well past. */
  readonly expire: () => void;
  readonly isAnyPending: () => boolean;
}

const everyMs = 50;
/** Bears the main thread's usual stalls, and no more: when it stands still for longer, nothing is fired. */
const validMs = 200;

/**
 * Keeps what the firing thread goes by in step with the tables: until when they are fresh, each account's limit, and that
 * no claim stays armed against which there is something. Works only while claims are pending.
 */
export class PendingGates {
  #isTicking = false;
  #isChanged = false;

  constructor(private readonly options: PendingGatesOptions) {
    options.gates.onChange(() => this.#changed());
  }

  /** Whether something in the tables is against this call now. */
  isClosed(request: Request): boolean {
    return this.options.gates.isClosed(request);
  }

  /** Claims are about to be handed over. */
  watch(): void {
    const { pending, places, scheduler } = this.options;
    for (const account of pending.shared.accounts) pending.setLimit(account, places.limitOf(account));
    this.#stamp();
    if (this.#isTicking) return;
    this.#isTicking = true;
    scheduler.after(everyMs, () => this.#tick());
  }

  #tick(): void {
    this.#isTicking = false;
    this.options.expire();
    if (this.options.isAnyPending()) this.watch();
  }

  /** Once for all changes of one turn: a burst of them judges each claim once. */
  #changed(): void {
    if (this.#isChanged || !this.options.isAnyPending()) return;
    this.#isChanged = true;
    queueMicrotask(() => {
      this.#isChanged = false;
      this.options.judge();
    });
  }

  #stamp(): void {
    const { pending, gates, clock } = this.options;
    const now = clock.monotonicMs();
    const until = Math.min(now + validMs, gates.freshUntilMs());
    pending.setFreshUntil(until > now ? until : now - 1);
  }
}
