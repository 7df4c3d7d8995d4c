import type { PartitionPacing, Slice } from '@paceline/domain/pacing';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What the pacer counts. No label holds a request, a batch, a contact or a number. */
export class PacerMetrics {
  readonly #granted: Counter<'account'>;
  readonly #lost: Counter<'account'>;
  readonly #closed: Counter<'account' | 'outcome'>;
  readonly #skipped: Counter<'why'>;
  readonly #clockSteps: Counter;
  readonly #open = new Map<PartitionPacing, () => number>();

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = <L extends string>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
      new Counter({ name: `paceline_pacer_${name}_total`, help, labelNames, registers });
    this.#granted = counter('granted', 'Slots granted and committed.', ['account']);
    this.#lost = counter('lost_slots', 'Slots that passed unused although rows waited; never made up.', ['account']);
    this.#closed = counter('closed', 'Rows closed without a slot.', ['account', 'outcome']);
    this.#skipped = counter('skipped', 'Records that made no row wait: duplicate attempts and dead letters.', ['why']);
    this.#clockSteps = counter('clock_steps', 'Steps of the wall clock by more than a second.');
    this.#gauges(registry);
  }

  /** A partition is open: its gauges are asked at every scrape, until the returned function is called. */
  watch(pacing: PartitionPacing, wallMicros: () => number): () => void {
    this.#open.set(pacing, wallMicros);
    return () => this.#open.delete(pacing);
  }

  /** Called after the commit: what is not committed never happened. */
  committed({ grants, closures, lost, step }: Slice): void {
    for (const { item } of grants) this.#granted.inc({ account: item.request.account });
    for (const { item, outcome } of closures) this.#closed.inc({ account: item.request.account, outcome });
    for (const [account, slots] of lost) this.#lost.inc({ account }, slots);
    if (step !== 0) this.#clockSteps.inc();
  }

  skipped(why: 'duplicate' | 'dead-letter'): void {
    this.#skipped.inc({ why });
  }

  #gauges(registry: Registry): void {
    const open = this.#open;
    const gauge = (name: string, help: string, value: (account: PartitionAccount, now: number) => number): void => {
      new Gauge({
        name: `paceline_pacer_${name}`,
        help,
        labelNames: ['account'],
        registers: [registry],
        collect() {
          this.reset();
          for (const [pacing, wallMicros] of open) {
            for (const account of pacing.accounts) this.set({ account: account.name }, value(account, wallMicros()));
          }
        },
      });
    };
    gauge('waiting_rows', 'Rows that wait for a slot.', ({ backlog }) => backlog.size);
    gauge('oldest_waiting_seconds', 'Since when the row next in turn waits.', ({ backlog }, now) => {
      const since = backlog.waitingSince();
      return since === null ? 0 : Math.max(0, (now - since) / 1_000_000);
    });
  }
}

type PartitionAccount = PartitionPacing['accounts'] extends Iterable<infer A> ? A : never;
