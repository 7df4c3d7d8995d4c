// The smallest partition task there is: copies every input to an output and counts it in its state, all in one
// transaction. What it writes shows at once whether anything was doubled or lost.
import { Codec, event, metaOf, type TopicName } from '@paceline/contracts';
import { connectKafka, GroupConsumer, type KafkaConnection } from '@paceline/adapter-kafka';
import {
  deadLetterOf,
  type InputRecord,
  type Opening,
  type OutputRecord,
  type PartitionTask,
  type RecordBatch,
  type StateChange,
} from '@paceline/pipeline';
import { fixedSchemaIds, QuietLogger, systemClock } from '@paceline/testing';

export interface CopyTopics {
  readonly group: string;
  readonly input: TopicName;
  readonly output: TopicName;
  readonly state: TopicName;
}

/** Topics of one spec, made by name so that specs do not meet. They are outside the catalogue on purpose. */
export const copyTopics = (run: string): CopyTopics => ({
  group: `copy-${run}`,
  input: `copy.${run}.input` as TopicName,
  output: `copy.${run}.output` as TopicName,
  state: `copy.${run}.state` as TopicName,
});

export const note = (topic: TopicName, entity: string): OutputRecord => ({
  topic,
  key: entity,
  event: event('ControlSet', {
    meta: metaOf('ControlSet', { natural: [entity], at: 1, correlationId: entity }),
    entity,
    aspect: 'copied',
    origin: 'operator',
    value: null,
    reason: '',
    by: '',
  }),
});

export class CopyTask implements PartitionTask {
  #count: number;

  constructor(
    private readonly opening: Opening,
    private readonly topics: CopyTopics,
    private readonly terms: Pick<CopierOptions, 'beforeCommit' | 'ballast'> = {},
  ) {
    this.#count = Number(opening.state.get('count') ?? 0);
  }

  async handle(batch: RecordBatch): Promise<void> {
    await this.terms.beforeCommit?.(batch);
    const copied = batch.records.filter((record) => record.kind === 'event').length;
    await this.opening.commit({
      outputs: batch.records.map((record) => this.#copyOf(record)),
      state: [{ key: 'count', value: String(this.#count + copied) }, ...(this.terms.ballast ?? [])],
      offsets: [{ topic: batch.topic, offset: batch.nextOffset }],
    });
    this.#count += copied;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #copyOf(record: InputRecord): OutputRecord {
    if (record.kind === 'poison') return { ...deadLetterOf(record, 'copy', 1), topic: this.topics.output };
    return { topic: this.topics.output, key: record.key ?? '', event: record.event };
  }
}

export const connect = (brokers: readonly string[], logger = new QuietLogger()): KafkaConnection =>
  connectKafka({ brokers, clientId: 'copy' }, logger);

export async function warmCodec(): Promise<Codec> {
  const codec = new Codec(fixedSchemaIds());
  await codec.warm();
  return codec;
}

export interface CopierOptions {
  readonly connection: KafkaConnection;
  readonly topics: CopyTopics;
  readonly stateDir: string;
  readonly logger?: QuietLogger;
  readonly onFatal?: (error: Error) => void;
  readonly beforeCommit?: (batch: RecordBatch) => Promise<void>;
  readonly inboxBound?: number;
  /** Written with each commit, to the task's own partition of the changelog. */
  readonly ballast?: readonly StateChange[];
}

export async function startCopier(options: CopierOptions): Promise<GroupConsumer> {
  const { connection, topics, stateDir } = options;
  const copier = new GroupConsumer({
    kafka: connection,
    codec: await warmCodec(),
    group: { id: topics.group, topics: [topics.input], state: topics.state },
    factory: (opening) => new CopyTask(opening, topics, options),
    clock: systemClock,
    logger: options.logger ?? new QuietLogger(),
    stateDir,
    onFatal:
      options.onFatal ??
      ((error) => {
        throw error;
      }),
    ...(options.inboxBound === undefined ? {} : { inboxBound: options.inboxBound }),
  });
  await copier.start();
  return copier;
}
