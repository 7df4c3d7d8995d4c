import { recordOf, type TopicName } from '@paceline/contracts';
import type { FreshControls } from '@paceline/domain/controls';
import {
  AlertBoard,
  alertEvent,
  AlertSenses,
  breakerReading,
  type AlertChange,
  type AlertMessage,
  type Look,
} from '@paceline/domain/alerting';
import {
  deadLetterOf,
  OpeningLost,
  type Clock,
  type Opening,
  type OutputRecord,
  type PartitionTask,
  type RecordBatch,
} from '@paceline/pipeline';
import type { AlertMetrics } from './alert-metrics.ts';
import type { Told } from './alert-webhooks.ts';
import type { Scheduler } from './scheduler.ts';

const letters: TopicName = 'paceline.dead-letters';
/** Without anything to tell, positions and what is remembered are committed so seldom. */
const idleCommitMs = 30_000;

export interface AlertingParts {
  /** Accounts of the settings. */
  readonly accounts: readonly string[];
  /** The partition that hears of an account. */
  readonly partitionOf: (account: string) => number;
  readonly controls: FreshControls;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Time between two looks. */
  readonly everyMs: number;
  readonly metrics: Pick<AlertMetrics, 'active' | 'gone'>;
  /** Tells the webhooks; never rejects. */
  readonly tell: (message: AlertMessage, reached: (webhook: number) => void) => Promise<Told>;
  readonly logger: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Ends the process: a look broke a promise of ours. */
  readonly fail: (error: unknown) => void;
}

/**
 * Watches the accounts of one partition: signals and dead letters are folded as they come, every look raises and clears.
 * Events, state and offsets are one transaction; log, metrics and webhooks follow it, so that an owner killed at any point
 * leaves no alert untold and the next one raises nothing again.
 */
export class AlertingTask implements PartitionTask {
  readonly #board: AlertBoard;
  readonly #senses: AlertSenses;
  readonly #positions = new Map<TopicName, number>();
  readonly #stop: () => void;
  #dead: OutputRecord[] = [];
  #committedMs: number;
  #looking: Promise<void> | null = null;

  constructor(
    private readonly opening: Opening,
    private readonly parts: AlertingParts,
  ) {
    const { partition, committed, state } = opening;
    const accounts = parts.accounts.filter((account) => parts.partitionOf(account) === partition);
    this.#board = new AlertBoard(state);
    this.#senses = new AlertSenses({ accounts, partition, letters: committed.has(letters) }, state);
    state.clear();
    this.#committedMs = parts.clock.monotonicMs();
    this.#stop = parts.scheduler.every(parts.everyMs, () => this.#wake());
    parts.metrics.active(partition, this.#board.raised);
    for (const message of this.#board.untold) this.#tell(message);
  }

  handle({ topic, records, nextOffset }: RecordBatch): Promise<void> {
    for (const record of records) {
      if (record.kind === 'event') this.#senses.heed(record.event);
      else this.#dead.push(deadLetterOf(record, 'error-router', this.parts.clock.wallMicros()));
    }
    this.#positions.set(topic, nextOffset);
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#looking;
    this.parts.metrics.gone(this.opening.partition);
  }

  #wake(): void {
    if (this.#looking !== null) return;
    this.#looking = this.#look()
      .catch((error: unknown) => (error instanceof OpeningLost ? this.#stop() : this.parts.fail(error)))
      .finally(() => (this.#looking = null));
  }

  async #look(): Promise<void> {
    if (this.opening.ended.aborted) return;
    const { clock, controls, metrics } = this.parts;
    const now = clock.wallMicros();
    const look = this.#board.look(
      this.#senses.values((account) => breakerReading(controls, account), now),
      now,
    );
    await this.#commit(look);
    for (const change of look.changes) this.#log(change);
    for (const message of look.messages) this.#tell(message);
    metrics.active(this.opening.partition, this.#board.raised);
  }

  /** What is folded and the offsets up to which it is folded are taken in one breath. */
  async #commit({ changes }: Look): Promise<void> {
    const outputs = [...changes.map((change) => recordOf(alertEvent(change))), ...this.#dead.splice(0)];
    const standings = this.#board.takeChanges();
    const { clock } = this.parts;
    const isDue = this.#positions.size > 0 && clock.monotonicMs() - this.#committedMs >= idleCommitMs;
    if (outputs.length === 0 && standings.length === 0 && !isDue) return;
    const offsets = [...this.#positions].map(([topic, offset]) => ({ topic, offset }));
    this.#positions.clear();
    this.#committedMs = clock.monotonicMs();
    await this.opening.commit({ outputs, state: [...standings, ...this.#senses.takeChanges()], offsets });
  }

  #tell(message: AlertMessage): void {
    if (message.notice === 'reminder') this.parts.logger.warn(fieldsOf(message), 'alert still raised');
    const reached = (webhook: number): void => this.#board.reached(message, webhook);
    void this.parts.tell(message, reached).then((told) => {
      if (told === 'told') this.#board.arrived(message);
    });
  }

  #log(change: AlertChange): void {
    if (change.status === 'raised') this.parts.logger.warn(fieldsOf(change), 'alert raised');
    else this.parts.logger.info(fieldsOf(change), 'alert cleared');
  }
}

const fieldsOf = ({ alert, account, threshold, text }: Pick<AlertMessage, 'alert' | 'account' | 'threshold' | 'text'>): object => ({
  rule: alert,
  account,
  limit: threshold,
  reason: text,
});
