import type { Codec, TopicName } from '@paceline/contracts';
import { RegistryUnavailable } from '@paceline/contracts';
import { OpeningLost, type InputRecord, type PartitionTask, type RecordBatch } from '@paceline/pipeline';
import type { AdapterLogger } from './connection.ts';
import { decodeRecord } from './decode-records.ts';
import { PartitionInbox, type InboxFlow, type Stretch } from './partition-inbox.ts';
import type { TaskOpening } from './task-opening.ts';

const registryRetryMs = 500;

export interface SeatOptions {
  readonly opening: TaskOpening;
  readonly task: PartitionTask;
  readonly codec: Codec;
  readonly logger: AdapterLogger;
  readonly inboxBound: number;
  /** Least time between two deliveries: what arrives meanwhile is delivered, and committed, together. */
  readonly lingerMs: number;
  /** Pauses and resumes the consumer for this partition's topics. */
  readonly flow: InboxFlow;
  /** Opens the partition again from its committed offsets. */
  readonly reopen: (reason: unknown) => void;
  /** A handler broke a promise: the process must not go on. */
  readonly fatal: (error: Error) => void;
}

/**
 * One open partition: its inbox, its worker, its task. Delivers each record once, in offset order per topic, never
 * below the committed offset; a hole in the log (silent reset, stale fetch) reopens the partition instead of losing it.
 */
export class PartitionSeat {
  readonly #inbox: PartitionInbox;
  readonly #from = new Map<TopicName, number>();
  readonly #knownTo = new Map<TopicName, number>();
  readonly #heldByTask = new Set<TopicName>();
  readonly #heldByInbox = new Set<TopicName>();
  readonly #worker: Promise<void>;
  #over = false;

  constructor(private readonly options: SeatOptions) {
    for (const [topic, { offset }] of options.opening.committed) {
      this.#from.set(topic, offset);
      this.#knownTo.set(topic, offset);
    }
    this.#inbox = new PartitionInbox(options.inboxBound, this.#flowFor(this.#heldByInbox));
    options.opening.delivery = this.#flowFor(this.#heldByTask);
    this.#worker = this.#work();
  }

  get isOpen(): boolean {
    return !this.#over;
  }

  /** Takes a fetched stretch. False when it begins beyond what was seen so far: the partition is being reopened. */
  accept(stretch: Stretch, fetchedOffset: number): boolean {
    if (this.#over) return false;
    const known = this.#knownTo.get(stretch.topic) ?? 0;
    if (fetchedOffset > known) {
      this.options.reopen(
        new Error(`${stretch.topic}: fetched from ${fetchedOffset}, expected ${known}: the log was reset or the fetch is stale`),
      );
      return false;
    }
    const messages = stretch.messages.filter((message) => Number(message.offset) >= (this.#from.get(stretch.topic) ?? 0));
    this.sawUpTo(stretch.topic, stretch.nextOffset);
    this.#from.set(stretch.topic, Math.max(stretch.nextOffset, this.#from.get(stretch.topic) ?? 0));
    if (messages.length > 0) this.#inbox.push({ ...stretch, messages });
    return true;
  }

  /** Control records and aborted stretches never reach the handler but move the position. */
  sawUpTo(topic: TopicName, nextOffset: number): void {
    if (nextOffset > (this.#knownTo.get(topic) ?? 0)) this.#knownTo.set(topic, nextOffset);
  }

  /** Ends the seat. `graceful` lets the task finish what it owns (shutdown); otherwise all uncommitted work is dropped. */
  async close(graceful: boolean): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#inbox.close();
    if (!graceful) this.options.opening.end();
    await this.options.task.close(graceful).catch((error: unknown) => this.options.logger.error({ error }, 'task did not close'));
    await this.#worker;
    await this.options.opening.release();
  }

  async #work(): Promise<void> {
    for (;;) {
      const stretch = await this.#inbox.take();
      if (stretch === null) return;
      try {
        await this.#deliver(stretch);
        await this.#linger();
      } catch (error) {
        if (error instanceof OpeningLost || this.#over) return;
        this.options.fatal(error as Error);
        return;
      }
    }
  }

  async #linger(): Promise<void> {
    if (this.options.lingerMs > 0 && !this.#over) await new Promise((resolve) => setTimeout(resolve, this.options.lingerMs));
  }

  async #deliver({ topic, messages, nextOffset }: Stretch): Promise<void> {
    const { partition } = this.options.opening;
    const records: InputRecord[] = [];
    for (const message of messages) records.push(await this.#decode({ topic, partition, message }));
    const batch: RecordBatch = { topic, partition, records, nextOffset };
    if (!this.#over) await this.options.task.handle(batch);
  }

  /** An unreachable registry holds the partition; it never dead-letters. */
  async #decode(fetched: Parameters<typeof decodeRecord>[1]): Promise<InputRecord> {
    for (;;) {
      try {
        return await decodeRecord(this.options.codec, fetched);
      } catch (error) {
        if (!(error instanceof RegistryUnavailable) || this.#over) throw error;
        this.options.logger.warn({ error: error.message }, 'schema registry unavailable: partition waits');
        await new Promise((resolve) => setTimeout(resolve, registryRetryMs));
      }
    }
  }

  /** Two may hold a topic back, the full inbox and the task: delivery goes on when neither does. */
  #flowFor(mine: Set<TopicName>): InboxFlow {
    const other = mine === this.#heldByTask ? this.#heldByInbox : this.#heldByTask;
    return {
      pause: (topic) => {
        mine.add(topic);
        if (!this.#over) this.options.flow.pause(topic);
      },
      resume: (topic) => {
        mine.delete(topic);
        if (!this.#over && !other.has(topic)) this.options.flow.resume(topic);
      },
    };
  }
}
