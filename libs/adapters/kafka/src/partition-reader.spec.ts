import type { Consumer, ConsumerRunConfig } from 'kafkajs';
import type { KafkaConnection } from './connection.ts';
import type { LogOffsets } from './log-offsets.ts';
import { readPartitions, type PartitionReader } from './partition-reader.ts';
import type { TopicPartition } from './topic-partition.ts';

const at: TopicPartition = { topic: 'paceline.controls', partition: 0 };

/** A consumer whose deliveries are made by hand. */
class HandDriven {
  #run: ConsumerRunConfig = {};
  readonly #listeners = new Map<string, (event: { payload: object }) => void>();
  readonly consumer = {
    connect: () => Promise.resolve(),
    subscribe: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    run: (config: ConsumerRunConfig) => {
      this.#run = config;
      return Promise.resolve();
    },
    on: (name: string, listener: (event: { payload: object }) => void) => this.#listeners.set(name, listener),
  } as unknown as Consumer;
  readonly connection = { kafka: { consumer: () => this.consumer } } as unknown as KafkaConnection;

  tell(event: string, payload: object): void {
    this.#listeners.get(event)?.({ payload });
  }

  async deliver(from: number, values: readonly string[], highWatermark = from + values.length): Promise<void> {
    const messages = values.map((value, n) => ({ offset: String(from + n), value: Buffer.from(value) }));
    await this.#run.eachBatch?.({ batch: { ...at, messages, highWatermark: String(highWatermark) } } as never);
    this.tell('consumer.end_batch_process', { ...at, lastOffset: String(from + values.length - 1) });
  }
}

describe('a reader of partitions', () => {
  let driven: HandDriven;
  let reader: PartitionReader;
  let seen: string[];
  let told: string[];
  beforeEach(async () => {
    driven = new HandDriven();
    [seen, told] = [[], []];
    reader = await readPartitions({
      connection: driven.connection,
      offsets: {} as LogOffsets,
      partitions: [at],
      each: (_at, { value }) => void seen.push(String(value)),
      onRead: {
        fetching: (node) => told.push(`fetching ${node}`),
        broughtNothing: (node, partitions) => told.push(`nothing ${node} ${partitions.length}`),
        advanced: (_at, next) => told.push(`next ${next}`),
        rewound: () => told.push('rewound'),
      },
      onCrash: ({ message }) => told.push(message),
    });
  });

  it('hands no record over twice when kafkajs begins anew after a restart', async () => {
    await driven.deliver(0, ['paused', 'running']);
    await driven.deliver(0, ['paused', 'running', 'paused']);
    expect(seen).toEqual(['paused', 'running', 'paused']);
    expect(told).toEqual(['next 2', 'next 3']);
  });

  it('says that it has ended when the client does not begin anew, and only then', async () => {
    driven.tell('consumer.crash', { restart: true, error: new Error('restarts') });
    driven.tell('consumer.crash', { restart: false, error: new Error('ends') });
    expect(told).toEqual(['ends']);
    await reader.stop();
    driven.tell('consumer.crash', { restart: false, error: new Error('stopped') });
    expect(told).toEqual(['ends']);
  });

  it('passes over what it has read in parts as well', async () => {
    await driven.deliver(0, ['paused', 'running', 'paused']);
    await driven.deliver(0, ['paused'], 3);
    await driven.deliver(1, ['running', 'paused'], 3);
    expect(seen).toEqual(['paused', 'running', 'paused']);
    expect(told).toEqual(['next 3']);
  });

  it('reads a log anew that has lost its end, and says so: a pause below the old position is not passed over', async () => {
    await driven.deliver(0, ['running', 'paused', 'running']);
    await driven.deliver(0, ['running'], 2);
    await driven.deliver(1, ['paused'], 2);
    expect(seen).toEqual(['running', 'paused', 'running', 'running', 'paused']);
    expect(told).toEqual(['next 3', 'rewound', 'next 1', 'next 2']);
  });

  it('tells when fetches begin and which bring nothing', () => {
    driven.tell('consumer.fetch_start', { nodeId: 3 });
    driven.tell('consumer.fetch', { nodeId: 3, standing: [] });
    driven.tell('consumer.fetch_start', { nodeId: 3 });
    driven.tell('consumer.fetch', { nodeId: 3, standing: [at] });
    expect(told).toEqual(['fetching 3', 'fetching 3', 'nothing 3 1']);
  });
});
