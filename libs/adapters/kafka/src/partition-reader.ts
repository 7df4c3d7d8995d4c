import { randomUUID } from 'node:crypto';
import type { TopicName } from '@paceline/contracts';
import { AssignerProtocol, type Consumer, type KafkaMessage, type PartitionAssigner } from 'kafkajs';
import { consumerTerms, eagerFetch, type FetchPatience, type KafkaConnection } from './connection.ts';
import type { LogOffsets } from './log-offsets.ts';
import { nameOf, type TopicPartition } from './topic-partition.ts';

const { MemberAssignment, MemberMetadata } = AssignerProtocol;

/** kafkajs knows no assign(): a group of one whose assigner hands it exactly these partitions. */
function fixedAssigner(wanted: readonly TopicPartition[]): PartitionAssigner {
  const assignment: Record<string, number[]> = {};
  for (const { topic, partition } of wanted) (assignment[topic] ??= []).push(partition);
  return () => ({
    name: 'paceline-fixed',
    version: 0,
    protocol: ({ topics }) => ({
      name: 'paceline-fixed',
      metadata: MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
    }),
    assign: ({ members }) =>
      Promise.resolve(
        members.map(({ memberId }) => ({
          memberId,
          memberAssignment: MemberAssignment.encode({ version: 0, assignment, userData: Buffer.alloc(0) }),
        })),
      ),
  });
}

export interface ReadOptions {
  readonly connection: KafkaConnection;
  readonly offsets: LogOffsets;
  readonly partitions: readonly TopicPartition[];
  readonly each: (at: TopicPartition, message: KafkaMessage) => void | Promise<void>;
  readonly fetch?: FetchPatience;
  readonly onRead?: ReadListener;
  /** The reader has ended for good by a failure; nothing more will come. */
  readonly onCrash?: (error: Error) => void;
}

/** What a reader tells of its reading beside the records. `node` is the broker that a fetch went to. */
export interface ReadListener {
  fetching(node: number): void;
  /** The fetch that was last begun at this broker brought no record at all: these partitions ended where they were read to. */
  broughtNothing(node: number, partitions: readonly TopicPartition[]): void;
  /** Every record before `next` was handed over. */
  advanced(at: TopicPartition, next: number): void;
  /** The log has lost its end: it is read again from its beginning, and what was handed over proves nothing about it. */
  rewound(at: TopicPartition): void;
}

/** A running reader from the beginning; `position` is the next offset per partition, past control records. */
export interface PartitionReader {
  position(at: TopicPartition): number;
  /** Resolves when every partition was read to the stable end it had at this call; rejects when the reader crashed. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

class GroupOfOne implements PartitionReader {
  readonly #positions = new Map<string, number>();
  readonly #waiters = new Set<() => void>();
  #crash: Error | null = null;
  #stopping = false;

  constructor(
    private readonly consumer: Consumer,
    private readonly options: ReadOptions,
  ) {
    consumer.on('consumer.end_batch_process', ({ payload }) => {
      this.#advance({ topic: payload.topic as TopicName, partition: payload.partition }, Number(payload.lastOffset) + 1);
    });
    consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) this.#end(payload.error);
      this.#wake();
    });
    // The client names brokers by the keys of an object, as text.
    consumer.on('consumer.fetch_start', ({ payload }) => options.onRead?.fetching(Number(payload.nodeId)));
    consumer.on('consumer.fetch', ({ payload }) => {
      const { nodeId, standing } = payload as typeof payload & { readonly standing: readonly TopicPartition[] };
      if (standing.length > 0) options.onRead?.broughtNothing(Number(nodeId), standing);
    });
  }

  async run(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...new Set(this.options.partitions.map((p) => p.topic))], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        const at = { topic: batch.topic as TopicName, partition: batch.partition };
        if (Number(batch.highWatermark) < this.position(at)) this.#rewind(at);
        const from = this.position(at);
        for (const message of batch.messages) {
          // After a restart kafkajs begins anew: an old value must not take the place of its successor.
          if (Number(message.offset) < from) continue;
          const done = this.options.each(at, message);
          if (done !== undefined) await done;
        }
      },
    });
  }

  position(at: TopicPartition): number {
    return this.#positions.get(nameOf(at)) ?? 0;
  }

  async caughtUp(): Promise<void> {
    const targets = await this.options.offsets.stableEnds(this.options.partitions);
    const behind = (): boolean => targets.some(({ at, low, high }) => high > low && this.position(at) < high);
    while (behind()) {
      if (this.#crash !== null) throw this.#crash;
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.consumer.disconnect();
  }

  #advance(at: TopicPartition, next: number): void {
    if (next > this.position(at)) {
      this.#positions.set(nameOf(at), next);
      this.options.onRead?.advanced(at, next);
    }
    this.#wake();
  }

  /** A broker lost records that it had acknowledged: the offsets below the old position are given out anew. */
  #rewind(at: TopicPartition): void {
    this.#positions.set(nameOf(at), 0);
    this.options.onRead?.rewound(at);
  }

  #end(error: Error): void {
    if (this.#stopping) return;
    this.#crash = error;
    this.options.onCrash?.(error);
  }

  #wake(): void {
    for (const resolve of this.#waiters) resolve();
    this.#waiters.clear();
  }
}

/** Starts reading partitions from their beginning with a group of its own that never commits. */
export async function readPartitions(options: ReadOptions): Promise<PartitionReader> {
  const { fetch = eagerFetch } = options;
  const consumer = options.connection.kafka.consumer({
    groupId: `paceline-read-${randomUUID()}`,
    partitionAssigners: [fixedAssigner(options.partitions)],
    sessionTimeout: 10_000,
    heartbeatInterval: 1_000,
    maxBytesPerPartition: 1_048_576,
    ...consumerTerms(fetch),
  });
  const reader = new GroupOfOne(consumer, options);
  await reader.run();
  return reader;
}
