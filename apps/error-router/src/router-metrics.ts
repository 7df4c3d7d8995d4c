import { Counter, Gauge, type Registry } from 'prom-client';

/** What the router counts. No label holds a request, a contact or a number. */
export class RouterMetrics {
  readonly #decisions: Counter<'class' | 'action'>;
  readonly #dropped: Counter<'why'>;
  readonly #deadLetters: Counter<'topic'>;
  readonly #open: Gauge<'partition'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#decisions = new Counter({
      name: 'paceline_router_decisions_total',
      help: 'Attempts decided, by response class and what became of them.',
      labelNames: ['class', 'action'],
      registers,
    });
    this.#dropped = new Counter({
      name: 'paceline_router_dropped_observations_total',
      help: 'Responses without an open attempt, dropped: duplicate = another one waited; no-attempt = none opened within an hour.',
      labelNames: ['why'],
      registers,
    });
    this.#deadLetters = new Counter({
      name: 'paceline_router_dead_letters_total',
      help: 'Records that could not be decoded.',
      labelNames: ['topic'],
      registers,
    });
    this.#open = new Gauge({
      name: 'paceline_router_open_attempts',
      help: 'Attempts and observations held, by partition.',
      labelNames: ['partition'],
      registers,
    });
  }

  decided(type: string, action: string): void {
    this.#decisions.inc({ class: type, action });
  }

  dropped(why: 'duplicate' | 'no-attempt', count: number): void {
    if (count > 0) this.#dropped.inc({ why }, count);
  }

  deadLettered(topic: string): void {
    this.#deadLetters.inc({ topic });
  }

  held(partition: number, count: number): void {
    this.#open.set({ partition: String(partition) }, count);
  }

  gone(partition: number): void {
    this.#open.remove({ partition: String(partition) });
  }
}
