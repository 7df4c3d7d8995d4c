import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { SenderMetrics } from './sender-ports.ts';

/** The sender's counts as Prometheus metrics. Labels are account names and closed lists, never people. */
export class PrometheusMetrics implements SenderMetrics {
  readonly #claims: Counter;
  readonly #returns: Counter;
  readonly #closed: Counter;
  readonly #answers: Counter;
  readonly #lost: Counter;
  readonly #late: Histogram;
  readonly #latency: Histogram;
  readonly #inFlight: Gauge;

  constructor(registry: Registry) {
    const counter = (name: string, help: string, labelNames: string[]): Counter =>
      new Counter({ name, help, labelNames, registers: [registry] });
    const histogram = (name: string, help: string, buckets: number[]): Histogram =>
      new Histogram({ name, help, labelNames: ['account'], buckets, registers: [registry] });
    this.#claims = counter('paceline_sender_claims_total', 'Attempts put up for commit as claims', ['account']);
    this.#returns = counter('paceline_sender_returns_total', 'Slots sent back unclaimed', ['account', 'reason']);
    this.#closed = counter('paceline_sender_closed_total', 'Rows ended before a claim', ['account', 'outcome']);
    this.#answers = counter('paceline_sender_responses_total', 'Claims closed', ['account', 'class', 'reason']);
    this.#lost = counter('paceline_sender_openings_lost_total', 'Partitions lost at a commit', []);
    this.#late = histogram('paceline_sender_late_ms', 'Last check against slotAt, ms', [0, 1, 2, 3, 5, 8, 12, 20, 50, 200, 1_000]);
    this.#latency = histogram('paceline_sender_call_ms', 'Call to answer, ms', [10, 25, 50, 100, 200, 400, 1_000, 3_000, 10_000, 40_000]);
    this.#inFlight = new Gauge({
      name: 'paceline_sender_in_flight',
      help: 'Calls under way',
      labelNames: ['account'],
      registers: [registry],
    });
  }

  claimed(account: string): void {
    this.#claims.inc({ account });
  }

  returned(account: string, reason: string): void {
    this.#returns.inc({ account, reason });
  }

  closed(account: string, outcome: string): void {
    this.#closed.inc({ account, outcome });
  }

  fired(account: string, lateMs: number): void {
    this.#late.observe({ account }, Math.max(0, lateMs));
  }

  answered(account: string, answer: { class: string; reason: string }, ms: number | null): void {
    this.#answers.inc({ account, class: answer.class, reason: answer.reason });
    if (ms !== null) this.#latency.observe({ account }, ms);
  }

  inFlight(account: string, calls: number): void {
    this.#inFlight.set({ account }, calls);
  }

  openingLost(): void {
    this.#lost.inc();
  }
}
