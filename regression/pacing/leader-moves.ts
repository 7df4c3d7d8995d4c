// Leaders moved by hand, as a rebalancing tool does it: the replicas in another order, then an election of the first.
import { createRequire } from 'node:module';
import { clusterOf, leaderOf, type ClientCluster, type KafkaConnection } from '@paceline/adapter-kafka';
import type { TopicName } from '@paceline/contracts';
import type { Admin } from 'kafkajs';

const require = createRequire(import.meta.url);

interface Encoder {
  writeInt32(value: number): Encoder;
  writeString(value: string): Encoder;
  writeArray(values: readonly unknown[], type?: string): Encoder;
}
const EncoderClass = require('kafkajs/src/protocol/encoder') as new () => Encoder;

const electLeaders = 43;

/** The client has no request for it: version 0, preferred leaders only. */
const electionOf = (topic: string, partition: number): object => ({
  request: {
    apiKey: electLeaders,
    apiVersion: 0,
    apiName: 'ElectLeaders',
    encode: () => {
      const one = new EncoderClass().writeString(topic).writeArray([partition], 'int32');
      return Promise.resolve(new EncoderClass().writeArray([one]).writeInt32(5_000));
    },
  },
  response: { decode: () => Promise.resolve({}), parse: (answer: object) => Promise.resolve(answer) },
});

export class LeaderMoves {
  readonly #admin: Admin;
  readonly #cluster: ClientCluster;

  constructor(kafka: KafkaConnection) {
    this.#admin = kafka.kafka.admin();
    this.#cluster = clusterOf(kafka.kafka);
  }

  async start(): Promise<void> {
    await Promise.all([this.#admin.connect(), this.#cluster.connect()]);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#admin.disconnect(), this.#cluster.disconnect()]);
  }

  /** The next of its replicas leads; resolves with who led before and who does now. */
  async move(topic: TopicName, partition: number): Promise<{ readonly from: number; readonly to: number }> {
    await this.#cluster.addMultipleTargetTopics([topic]);
    await this.#cluster.refreshMetadata();
    const at = { topic, partition };
    const from = leaderOf(this.#cluster, at);
    const replicas = [1, 2, 3].map((n) => ((from - 1 + n) % 3) + 1);
    await this.#admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment: [{ partition, replicas }] }] });
    const broker = await this.#cluster.findBroker({ nodeId: this.#cluster.getNodeIds()[0] ?? '1' });
    await broker.connectionPool.send(electionOf(topic, partition) as never);
    await this.#cluster.refreshMetadata();
    return { from, to: leaderOf(this.#cluster, at) };
  }
}
