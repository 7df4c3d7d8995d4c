import type { Codec, TopicName } from '@paceline/contracts';
import type { Clock, TaskFactory } from '@paceline/pipeline';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { topicsByPartition, type Assignment } from './assignment.ts';
import { CoPartitionAssigner } from './co-partition-assigner.ts';
import { consumerTerms, eagerFetch, type AdapterLogger, type FetchPatience, type KafkaConnection } from './connection.ts';
import { ifRunning } from './if-running.ts';
import { LogOffsets } from './log-offsets.ts';
import { MemberMemory } from './member-memory.ts';
import { PartitionSeat } from './partition-seat.ts';
import { orTimeOut } from './producer/patience.ts';
import { CommittedOffsetLost, takeOver, type GroupTopics, type TaskOpening } from './task-opening.ts';
import { checkTopics } from './topic-check.ts';

export interface GroupConsumerOptions {
  readonly kafka: KafkaConnection;
  readonly codec: Codec;
  readonly group: GroupTopics;
  readonly factory: TaskFactory;
  readonly clock: Clock;
  readonly logger: AdapterLogger;
  readonly stateDir: string;
  readonly inboxBound?: number;
  /** Least milliseconds between two deliveries to a task; 0 = as they come. */
  readonly lingerMs?: number;
  readonly fetch?: FetchPatience;
  readonly onFatal: (error: Error) => void;
}

const defaultInboxBound = 5_000;
const reopenPauseMs = 100;
const closeWaitMs = 3_000;
const sessionMs = 6_000;
/** Longer without an answered heartbeat, and others may own what this process believes to own. */
const silenceMs = 2 * sessionMs;

/**
 * Owns one kafkajs consumer and all decisions about it. Only GROUP_JOIN tells that partitions changed hands, and it
 * throws positions away even for kept ones: so at every join all seats end, and each partition is taken over anew.
 */
export class GroupConsumer {
  readonly #assigner = new CoPartitionAssigner();
  readonly #seats = new Map<number, PartitionSeat>();
  readonly #opening = new Map<number, Promise<void>>();
  readonly #memory: MemberMemory;
  readonly #offsets: LogOffsets;
  readonly #consumer: Consumer;
  #assignment: Assignment = { generation: 0, topicsOf: new Map() };
  #epoch = 0;
  #stopping = false;
  readonly #awaitingHeartbeat = new Set<() => void>();
  #memberAtMs = 0;

  constructor(private readonly options: GroupConsumerOptions) {
    const { kafka, group, fetch = eagerFetch } = options;
    this.#memory = new MemberMemory(options.stateDir, group.id);
    this.#offsets = new LogOffsets(kafka.kafka);
    this.#consumer = kafka.kafka.consumer({
      groupId: group.id,
      partitionAssigners: [this.#assigner.factory],
      sessionTimeout: sessionMs,
      heartbeatInterval: 400,
      rebalanceTimeout: 15_000,
      maxBytesPerPartition: 524_288,
      ...consumerTerms(fetch),
    });
    this.#listen();
  }

  /** Rejects, with nothing left open, when a topic is missing or the group cannot be joined. */
  async start(): Promise<void> {
    try {
      await this.#join();
    } catch (error) {
      await this.#disconnect();
      throw error;
    }
  }

  /** Stops taking, lets each task finish what it owns, then leaves the group. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled(this.#opening.values());
    await Promise.all([...this.#seats.values()].map((seat) => seat.close(true)));
    this.#seats.clear();
    await this.#disconnect();
    this.#memory.forget();
  }

  ready(): true | string {
    const { generation, topicsOf } = this.#assignment;
    if (generation === 0) return `${this.options.group.id}: has not joined its group yet`;
    const silentMs = this.options.clock.monotonicMs() - this.#memberAtMs;
    if (silentMs > silenceMs) return `${this.options.group.id}: no heartbeat was answered for ${Math.floor(silentMs / 1_000)} s`;
    const closed = [...topicsOf.keys()].filter((partition) => this.#seats.get(partition)?.isOpen !== true);
    return closed.length === 0 ? true : `${this.options.group.id}: partitions ${closed.join(', ')} are being taken over`;
  }

  async #join(): Promise<void> {
    const { group, kafka, logger } = this.options;
    await checkTopics(kafka, group.state === null ? group.topics : [...group.topics, group.state], {
      waiting: (what) => logger.info({ group: group.id }, `waiting for Kafka: ${what}`),
    });
    await this.#offsets.connect();
    await this.#memory.removeDead(kafka, logger);
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...group.topics], fromBeginning: true });
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: (payload) => this.#receive(payload),
    });
  }

  async #disconnect(): Promise<void> {
    await this.#consumer.disconnect();
    await this.#offsets.close();
  }

  #listen(): void {
    const { events } = this.#consumer;
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.#memory.remember(payload.memberId);
      this.#joined(payload.memberAssignment as Record<TopicName, number[]>);
    });
    this.#consumer.on(events.HEARTBEAT, () => this.#membershipKnown());
    this.#consumer.on(events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) this.#seats.get(payload.partition)?.sawUpTo(payload.topic as TopicName, Number(payload.lastOffset) + 1);
    });
    this.#consumer.on(events.CRASH, ({ payload }) => {
      if (!payload.restart && !this.#stopping) this.options.onFatal(payload.error);
    });
  }

  /** Synchronous up to the pause of every partition, so that nothing is delivered between the join and the takeover. */
  #joined(memberAssignment: Record<TopicName, number[]>): void {
    const topicsOf = topicsByPartition(memberAssignment);
    this.#assignment = { generation: this.#assignment.generation + 1, topicsOf };
    this.#assigner.remember([...topicsOf.keys()], this.options.clock.wallMicros() / 1_000);
    this.#membershipKnown();
    const ended = [...this.#seats.values()].map((seat) => this.#bounded(seat.close(false)));
    this.#seats.clear();
    for (const [partition, topics] of topicsOf) this.#hold(partition, topics);
    const { generation } = this.#assignment;
    for (const partition of topicsOf.keys()) this.#open(partition, generation, Promise.allSettled(ended));
  }

  #hold(partition: number, topics: readonly TopicName[]): void {
    ifRunning(() => this.#consumer.pause(topics.map((topic) => ({ topic, partitions: [partition] }))));
  }

  #open(partition: number, generation: number, after: Promise<unknown>): void {
    const run = after.then(() => this.#takeSeat(partition, generation)).catch((error: unknown) => this.options.onFatal(error as Error));
    this.#opening.set(partition, run);
  }

  /** A heartbeat was answered, or a join told more than that. */
  #membershipKnown(): void {
    this.#memberAtMs = this.options.clock.monotonicMs();
    for (const resolve of this.#awaitingHeartbeat) resolve();
    this.#awaitingHeartbeat.clear();
  }

  /** The fence, not this wait, makes the takeover safe: a task that closes slowly must not hold the partition. */
  async #bounded(closing: Promise<void>): Promise<void> {
    await orTimeOut(Promise.allSettled([closing]), closeWaitMs);
  }

  #isCurrent = (generation: number): boolean => !this.#stopping && this.#assignment.generation === generation;

  /** Tries until the partition is open, the generation is over, or only a person can help. */
  async #takeSeat(partition: number, generation: number): Promise<void> {
    while (this.#isCurrent(generation)) {
      try {
        return await this.#tryTakeSeat(partition, generation);
      } catch (error) {
        if (error instanceof CommittedOffsetLost) throw error;
        this.options.logger.warn({ partition, error: (error as Error).message }, 'takeover failed; trying again');
        await new Promise((resolve) => setTimeout(resolve, reopenPauseMs));
      }
    }
  }

  async #tryTakeSeat(partition: number, generation: number): Promise<void> {
    const { kafka, codec, group, factory, logger } = this.options;
    const topics = this.#assignment.topicsOf.get(partition) ?? [];
    const beganMs = this.options.clock.monotonicMs();
    const opening = await takeOver(
      { connection: kafka, offsets: this.#offsets, codec, group, partition, epoch: ++this.#epoch, topics },
      (error) => this.#reopen(partition, generation, error),
    );
    if (!this.#isCurrent(generation)) return opening.release();
    const task = await factory(opening);
    if (!this.#isCurrent(generation)) {
      await task.close(false);
      return opening.release();
    }
    const flow = {
      pause: (topic: TopicName) => this.#hold(partition, [topic]),
      resume: (topic: TopicName) => ifRunning(() => this.#consumer.resume([{ topic, partitions: [partition] }])),
    };
    const seat = new PartitionSeat({
      opening,
      task,
      codec,
      logger,
      flow,
      inboxBound: this.options.inboxBound ?? defaultInboxBound,
      lingerMs: this.options.lingerMs ?? 0,
      reopen: (reason) => this.#reopen(partition, generation, reason),
      fatal: this.options.onFatal,
    });
    this.#seats.set(partition, seat);
    if (opening.ended.aborted) return this.#reopen(partition, generation, new Error('the opening ended while its task was made'));
    this.#deliverFrom(opening, topics);
    logger.info({ group: group.id, partition, ms: Math.round(this.options.clock.monotonicMs() - beganMs) }, 'partition is open');
  }

  #deliverFrom({ partition, committed }: TaskOpening, topics: readonly TopicName[]): void {
    for (const topic of topics) {
      const offset = String(committed.get(topic)?.offset ?? 0);
      ifRunning(() => this.#consumer.seek({ topic, partition, offset }));
    }
    ifRunning(() => this.#consumer.resume(topics.map((topic) => ({ topic, partitions: [partition] }))));
  }

  /** One remedy for every failure: end the seat; still a member after a heartbeat: take over again; else the join does. */
  #reopen(partition: number, generation: number, reason: unknown): void {
    const seat = this.#seats.get(partition);
    if (seat === undefined || !this.#isCurrent(generation)) return;
    this.#seats.delete(partition);
    this.#hold(partition, this.#assignment.topicsOf.get(partition) ?? []);
    this.options.logger.warn({ partition, error: (reason as Error).message }, 'partition reopens from its committed offset');
    const membership = new Promise<void>((resolve) => this.#awaitingHeartbeat.add(resolve));
    this.#open(partition, generation, Promise.all([this.#bounded(seat.close(false)), membership]));
  }

  /** Never waits and never throws: a non-retriable error out of here would end the consumer for good. */
  #receive(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const seat = this.#seats.get(batch.partition);
    const last = batch.messages.at(-1);
    if (seat === undefined || last === undefined || payload.isStale()) return Promise.resolve();
    const stretch = { topic: batch.topic as TopicName, messages: batch.messages, nextOffset: Number(batch.lastOffset()) + 1 };
    const { fetchedOffset } = batch as unknown as { fetchedOffset: string };
    if (seat.accept(stretch, Number(fetchedOffset))) payload.resolveOffset(last.offset);
    return Promise.resolve();
  }
}
