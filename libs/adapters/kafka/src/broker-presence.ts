import type { AdapterLogger } from './connection.ts';

/** Seconds in which a kind of line is written once. */
const quietForMs = 60_000;

/**
 * What the log says while brokers come and go: one line when a broker goes, one when it answers again. A process has dozens
 * of connections to each, and every one of them would say it several times a second.
 */
export class BrokerPresence {
  readonly #awaySinceMs = new Map<string, number>();
  readonly #saidAtMs = new Map<string, number>();

  constructor(
    private readonly logger: AdapterLogger,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** A connection to the broker failed, or an answer did not come. */
  away(broker: string, reason: string): void {
    if (this.#awaySinceMs.has(broker)) return;
    this.#awaySinceMs.set(broker, this.nowMs());
    this.logger.warn({ broker, reason }, 'a Kafka broker is away');
  }

  /** The broker has answered something. */
  answered(broker: string): void {
    const sinceMs = this.#awaySinceMs.get(broker);
    if (sinceMs === undefined) return;
    this.#awaySinceMs.delete(broker);
    this.logger.info({ broker, awayForMs: Math.round(this.nowMs() - sinceMs) }, 'a Kafka broker is back');
  }

  /** Whether a line of this kind may be written: the first in a minute. */
  mayBeSaid(kind: string): boolean {
    const nowMs = this.nowMs();
    if (nowMs - (this.#saidAtMs.get(kind) ?? -quietForMs) < quietForMs) return false;
    this.#saidAtMs.set(kind, nowMs);
    return true;
  }
}
