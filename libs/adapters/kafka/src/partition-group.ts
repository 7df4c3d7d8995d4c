import { groups, type Codec, type GroupName } from '@paceline/contracts';
import type { Clock, TaskFactory } from '@paceline/pipeline';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { AdapterLogger, FetchPatience, KafkaConnection } from './connection.ts';
import { endProcess } from './end-process.ts';
import { GroupConsumer } from './group-consumer.ts';

export interface PartitionGroupOptions {
  readonly kafka: KafkaConnection;
  readonly codec: Codec;
  readonly group: GroupName;
  readonly clock: Clock;
  readonly logger: AdapterLogger;
  /** Folder of this process's own small files (the last member id). */
  readonly stateDir: string;
  /** Records waiting per topic partition before its fetching pauses. */
  readonly inboxBound?: number;
  /** Least milliseconds between two deliveries to a task: small fetches are then committed together. */
  readonly lingerMs?: number;
  /** How long the broker may gather records before it answers a fetch. */
  readonly fetch?: FetchPatience;
  /** Called once when the group cannot go on; the default stops the process as SIGTERM does, with exit code 1. */
  readonly onFatal?: (error: Error) => void;
}

/**
 * Nest's way into the partition tasks: a consumer group as a transport. A handler class registers one factory under
 * the group's id; every opening of a partition calls it once and drives the task that it returns.
 */
export class PartitionGroup extends Server implements CustomTransportStrategy {
  readonly #consumer: GroupConsumer;
  readonly #groupId: string;

  constructor(options: PartitionGroupOptions) {
    super();
    const group = groups[options.group];
    this.#groupId = group.id;
    this.#consumer = new GroupConsumer({
      ...options,
      group,
      factory: (opening) => this.#factory()(opening),
      onFatal: options.onFatal ?? ((error) => endProcess(options.logger, { groupId: group.id, error })),
    });
  }

  /** True, or why the group is not consuming. */
  ready(): true | string {
    return this.#consumer.ready();
  }

  listen(callback: (error?: unknown) => void): void {
    this.#consumer.start().then(
      () => callback(),
      (error: unknown) => callback(error),
    );
  }

  async close(): Promise<void> {
    await this.#consumer.stop();
  }

  override on(): never {
    throw new Error('PartitionGroup emits no events: a task is told everything through its opening');
  }

  override unwrap<T>(): T {
    return this.#consumer as unknown as T;
  }

  #factory(): TaskFactory {
    const handler = this.messageHandlers.get(this.#groupId);
    if (handler === undefined) throw new Error(`no handler is registered for group ${this.#groupId}`);
    return async (opening) => {
      const answer: unknown = await handler(opening);
      return firstOf(answer) as ReturnType<TaskFactory>;
    };
  }
}

/** Nest wraps what an event handler returns into an Observable. */
async function firstOf(answer: unknown): Promise<unknown> {
  const observable = answer as { subscribe?: (observer: object) => unknown } | null;
  if (observable === null || typeof observable.subscribe !== 'function') return answer;
  return new Promise((resolve, reject) =>
    observable.subscribe?.({
      next: resolve,
      error: (reason: unknown) => reject(reason instanceof Error ? reason : new Error(JSON.stringify(reason))),
    }),
  );
}
