import { ClaimFirer, type ClaimFirerOptions } from './claim-firer.ts';
import type { Firing, FiringListener, HandedClaim } from './firing.ts';
import { ArmedClaims, type SharedClaims } from './pending-claims.ts';

type FiringInlineOptions = Omit<ClaimFirerOptions, 'claims' | 'report'> & { readonly shared: SharedClaims };

/** The same firing without a thread: its reports arrive at once. */
export class FiringInline implements Firing {
  readonly #firer: ClaimFirer;
  #listener: FiringListener | null = null;
  #isDead = false;
  /** Takes claims and does nothing with them, as when the thread hangs. */
  isStuck = false;

  constructor({ shared, ...options }: FiringInlineOptions) {
    const report: ClaimFirerOptions['report'] = (told) => (this.#isDead ? undefined : this.#listener?.reported([told]));
    this.#firer = new ClaimFirer({ ...options, claims: new ArmedClaims(shared), report });
  }

  listen(listener: FiringListener): void {
    this.#listener = listener;
  }

  hand(claims: readonly HandedClaim[]): void {
    if (!this.#isDead && !this.isStuck) this.#firer.take(claims);
  }

  disconnect(): Promise<void> {
    return Promise.resolve();
  }

  /** As when the thread dies: what it did until now stays done, and nothing more is heard of it. */
  die(): void {
    this.#isDead = true;
    this.#listener?.died(new Error('died'));
  }
}
