import type { Clock } from '@paceline/pipeline';

export interface ClaimLeadOptions {
  /** The configured lead: enough where commits are quick. */
  readonly leastMs: number;
  readonly mostMs: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

const halfLifeMs = 10_000;
const beyond = 1.5;
const atFirstMs = 300;

/**
 * How long before its instant a slot is claimed. A claim whose commit comes back after its instant is a slot lost, so
 * the lead follows the slowest commit of late: at once upwards, slowly back. A fresh process expects slow ones.
 */
export class ClaimLead {
  #slowestMs = atFirstMs;
  #at: number;

  constructor(private readonly options: ClaimLeadOptions) {
    this.#at = options.clock.monotonicMs();
  }

  get ms(): number {
    const { leastMs, mostMs } = this.options;
    return Math.min(Math.max(leastMs, this.#faded() * beyond), Math.max(leastMs, mostMs));
  }

  committed(tookMs: number): void {
    this.#slowestMs = Math.max(tookMs, this.#faded());
    this.#at = this.options.clock.monotonicMs();
  }

  #faded(): number {
    return this.#slowestMs * 2 ** ((this.#at - this.options.clock.monotonicMs()) / halfLifeMs);
  }
}
