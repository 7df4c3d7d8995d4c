import type { AlertName } from '@paceline/domain/alerting';
import { Counter, Gauge, type Registry } from 'prom-client';

interface Labels {
  readonly alert: AlertName;
  readonly account: string | null;
}

/** What became of a message to one webhook. */
export type PostResult = 'delivered' | 'failed' | 'dropped';

export class AlertMetrics {
  readonly #active: Gauge<'rule' | 'account'>;
  readonly #posts: Counter<'result'>;
  readonly #byPartition = new Map<number, readonly Labels[]>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.#active = new Gauge({
      name: 'paceline_alerts_active',
      help: 'Alerts raised and not cleared, of the partitions this process owns; without an account it is about the whole.',
      labelNames: ['rule', 'account'],
      registers,
    });
    this.#posts = new Counter({
      name: 'paceline_alert_posts_total',
      help: 'Messages of alerts to webhooks: delivered; failed = given up after retries; dropped = too many waited.',
      labelNames: ['result'],
      registers,
    });
  }

  /** All that is raised in a partition now. */
  active(partition: number, raised: readonly Labels[]): void {
    this.#byPartition.set(partition, raised);
    this.#active.reset();
    for (const { alert, account } of [...this.#byPartition.values()].flat()) this.#active.inc({ rule: alert, account: account ?? '' });
  }

  gone(partition: number): void {
    this.active(partition, []);
  }

  posted(result: PostResult): void {
    this.#posts.inc({ result });
  }
}
