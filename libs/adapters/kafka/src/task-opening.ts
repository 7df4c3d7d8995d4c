import { topicDefinition, type Codec, type TopicName } from '@paceline/contracts';
import { OpeningLost, type OffsetMark, type Opening, type Transaction } from '@paceline/pipeline';
import { commitTransaction, type WholeTransaction } from './commit-transaction.ts';
import type { KafkaConnection, TaskProducer } from './connection.ts';
import { encodeSends } from './encode-records.ts';
import type { LogOffsets, StableEnd } from './log-offsets.ts';
import { readPartitions } from './partition-reader.ts';

/** A committed offset is missing or lies outside the log: going on would silently call old slots again. */
export class CommittedOffsetLost extends Error {
  override readonly name = 'CommittedOffsetLost';
}

export interface GroupTopics {
  readonly id: string;
  readonly topics: readonly TopicName[];
  readonly state: TopicName | null;
  readonly onlooker?: true;
}

export interface OpeningContext {
  readonly connection: KafkaConnection;
  readonly offsets: LogOffsets;
  readonly codec: Codec;
  readonly group: GroupTopics;
  readonly partition: number;
  readonly epoch: number;
  /** Topics of the group that have this partition. */
  readonly topics: readonly TopicName[];
}

/**
 * Takeover, in the only order that is safe: fence the older owner, then read the committed offsets, then restore the
 * state.
 */
export async function takeOver(context: OpeningContext, lost: (error: unknown) => void): Promise<TaskOpening> {
  const producer = context.connection.taskProducer(`${context.group.id}-${context.partition}`);
  try {
    await producer.fence();
    const committed = await committedOffsets(context);
    const state = await restoreState(context);
    return new TaskOpening(context, { producer, committed, state, lost });
  } catch (error) {
    await producer.close().catch(() => undefined);
    throw error;
  }
}

async function committedOffsets({ offsets, group, topics, partition }: OpeningContext): Promise<Map<TopicName, OffsetMark>> {
  const partitions = topics.map((topic) => ({ topic, partition }));
  const marks = await offsets.committed(group.id, partitions);
  const ends = new Map((await offsets.stableEnds(partitions)).map((end) => [end.at.topic, end]));
  const committed = new Map<TopicName, OffsetMark>();
  for (const mark of marks) {
    const end = ends.get(mark.topic);
    if (end !== undefined) committed.set(mark.topic, inLog(group, end, mark));
  }
  return committed;
}

/** A stable end may lag behind a commit for as long as another producer's transaction is open, never the beginning. */
function inLog(group: GroupTopics, { at, low, high }: StableEnd, mark: OffsetMark): OffsetMark {
  if (mark.offset >= 0 && mark.offset >= low) return mark;
  if (mayBeginAnew(group, mark, high)) return { topic: at.topic, offset: low, metadata: '' };
  const found = mark.offset < 0 ? 'missing' : `${mark.offset}, but the log begins at ${low}`;
  throw new CommittedOffsetLost(
    `group ${group.id}: committed offset of ${at.topic}/${at.partition} is ${found} (stable end ${high}). ` +
      "Going on could call old slots again: a person must decide, then set it with the broker's own tools.",
  );
}

/** Nothing was ever committed to the log, so nobody can have read it; or what was read has no consequences. */
const mayBeginAnew = ({ onlooker }: GroupTopics, { topic, offset }: OffsetMark, high: number): boolean =>
  onlooker === true || (offset < 0 ? high === 0 : isPerishable(topic));

/** What is worth nothing after seconds may have left the log: no call follows from it, so nothing is done twice. */
const isPerishable = (topic: TopicName): boolean => topicDefinition(topic)?.perishable === true;

async function restoreState({ connection, offsets, group, partition }: OpeningContext): Promise<Map<string, string>> {
  const state = new Map<string, string>();
  if (group.state === null) return state;
  const at = { topic: group.state, partition };
  const [ends] = await offsets.stableEnds([at]);
  if (ends === undefined || ends.high <= ends.low) return state;
  const reader = await readPartitions({
    connection,
    offsets,
    partitions: [at],
    each: (_at, { key, value }) => {
      const name = key?.toString() ?? '';
      if (value === null) state.delete(name);
      else state.set(name, value.toString());
    },
  });
  try {
    await reader.caughtUp();
  } finally {
    await reader.stop();
  }
  return state;
}

interface OpeningParts {
  readonly producer: TaskProducer;
  readonly committed: Map<TopicName, OffsetMark>;
  readonly state: Map<string, string>;
  readonly lost: (error: unknown) => void;
}

/** One fenced ownership of a partition. Commits are serialised; the first failure of any kind ends it for good. */
export class TaskOpening implements Opening {
  readonly committed: ReadonlyMap<TopicName, OffsetMark>;
  readonly state: Map<string, string>;
  readonly ended: AbortSignal;
  readonly #end = new AbortController();
  #queue: Promise<void> = Promise.resolve();
  /** Set by the owner of the consumer: delivery is its business. */
  delivery: { pause(topic: TopicName): void; resume(topic: TopicName): void } = { pause: () => undefined, resume: () => undefined };

  constructor(
    private readonly context: OpeningContext,
    private readonly parts: OpeningParts,
  ) {
    this.committed = parts.committed;
    this.state = parts.state;
    this.ended = this.#end.signal;
  }

  get group(): string {
    return this.context.group.id;
  }

  get partition(): number {
    return this.context.partition;
  }

  get epoch(): number {
    return this.context.epoch;
  }

  commit(transaction: Transaction): Promise<void> {
    const done = this.#queue.then(() => this.#commitNow(transaction));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async endOffset(topic: TopicName): Promise<number> {
    const [end] = await this.context.offsets.stableEnds([{ topic, partition: this.partition }]);
    return end?.high ?? 0;
  }

  pause(topic: TopicName): void {
    if (!this.ended.aborted) this.delivery.pause(topic);
  }

  resume(topic: TopicName): void {
    if (!this.ended.aborted) this.delivery.resume(topic);
  }

  /** Ends the opening: nothing commits any more. A commit under way goes on to its end, known or not. */
  end(): void {
    this.#end.abort();
  }

  /** Gives the producer's socket back after the last commit under way. */
  async release(): Promise<void> {
    this.end();
    await this.#queue;
    await this.parts.producer.close().catch(() => undefined);
  }

  async #commitNow(transaction: Transaction): Promise<void> {
    if (this.ended.aborted) throw new OpeningLost(`${this.group}/${this.partition}: the opening has ended`);
    // Encoded first: a record that cannot be encoded is a fault of ours and no lost opening; reopening would not mend it.
    const whole = this.#encode(transaction);
    try {
      await commitTransaction(this.parts.producer, whole);
    } catch (error) {
      // The error does not tell whether the commit happened; the committed offset, read after the next fence, does.
      this.end();
      this.parts.lost(error);
      throw new OpeningLost(`${this.group}/${this.partition}: ${(error as Error).message}`, { cause: error });
    }
  }

  #encode({ outputs, state = [], offsets = [] }: Transaction): WholeTransaction {
    const { codec, group, partition } = this.context;
    const writes = group.state === null ? undefined : { topic: group.state, partition, changes: state };
    const topics = offsets.map((mark) => offsetOf(mark, partition));
    return {
      sends: encodeSends(codec, outputs, writes),
      offsets: topics.length === 0 ? null : { consumerGroupId: group.id, topics },
    };
  }
}

/** kafkajs forwards metadata although its types do not say so. */
const offsetOf = (
  { topic, offset, metadata }: OffsetMark,
  partition: number,
): { topic: string; partitions: { partition: number; offset: string }[] } => ({
  topic,
  partitions: [{ partition, offset: String(offset), ...(metadata === undefined ? {} : { metadata }) }],
});
