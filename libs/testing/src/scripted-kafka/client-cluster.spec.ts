import { connect as openSocket, Socket } from 'node:net';
import { jest } from '@jest/globals';
import { type ClientCluster, newClientCluster } from './client-parts.ts';
import { kafkaError } from './error-codes.ts';
import { dropConnectionBeforeApply, holdAnswer, respondWith } from './faults.ts';
import { ScriptedKafka } from './scripted-kafka.ts';

// Pins the patch of the client: cluster/index.js.

const topic = 'facts';
const other = 'controls';
const group = { groupId: 'readers' };

let cluster: ScriptedKafka;
let client: ClientCluster;

const asked = (api: string): number[] => cluster.requests.filter((one) => one.api === api).map(({ broker }) => broker);
const leaders = (of: string): number[] => client.findTopicPartitionMetadata(of).map(({ leader }) => leader);

const connect = async (options: object = {}): Promise<void> => {
  client = newClientCluster(cluster.brokers, options);
  await client.connect();
  await client.addTargetTopic(topic);
};

beforeEach(async () => {
  // Brokers are asked in the order of their ids, the connected ones first.
  jest.spyOn(Math, 'random').mockReturnValue(1 - Number.EPSILON);
  cluster = await ScriptedKafka.start({ topics: { [topic]: 3, [other]: 3 } });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await cluster.stop();
  await client.disconnect();
});

describe('a refresh of the metadata', () => {
  test.each(['refreshMetadata', 'refreshMetadataIfNecessary'] as const)(
    'is shared by callers whose topics it asks for (%s)',
    async (refresh) => {
      await connect({ metadataMaxAge: 0 });
      await Promise.all([client[refresh](), client[refresh]()]);
      expect(asked('Metadata')).toHaveLength(2);
    },
  );

  test.each(['refreshMetadata', 'refreshMetadataIfNecessary'] as const)(
    'is not shared by a caller that has added a topic since (%s)',
    async (refresh) => {
      await connect({ metadataMaxAge: 0 });
      const held = holdAnswer();
      cluster.onRequest({ api: 'Metadata' }, held);
      const first = client[refresh]();
      await cluster.until(() => held.held.length === 1);
      client.targetTopics.add(other);
      const second = client[refresh]();
      held.release();
      await second;
      expect(leaders(other)).toEqual([1, 2, 3]);
      await first;
    },
  );

  test('that fails does not replace the error that led to it', async () => {
    await connect();
    await cluster.killBroker(3);
    cluster.onRequest({ api: 'Metadata' }, respondWith(kafkaError.topicAuthorizationFailed));
    await expect(client.findBroker({ nodeId: 3 })).rejects.toMatchObject({ name: 'KafkaJSConnectionError', code: 'ECONNREFUSED' });
  });
});

test('a partition without a leader is a retriable error, and other partitions are found', async () => {
  await connect();
  cluster.moveLeader(topic, 1, null);
  await client.refreshMetadata();
  expect(client.findLeaderForPartitions(topic, [0, 2])).toEqual({ 1: [0], 3: [2] });
  const failed = await Promise.resolve()
    .then(() => client.findLeaderForPartitions(topic, [0, 1]))
    .catch((error: unknown) => error);
  expect(failed).toMatchObject({ type: 'LEADER_NOT_AVAILABLE', retriable: true });
});

describe('the coordinator of a group', () => {
  const coordinator = async (): Promise<number> => Number((await client.findGroupCoordinator(group)).nodeId);

  test('is looked up again when no broker answers', async () => {
    await connect();
    cluster.onRequest({ api: 'FindCoordinator', times: 4 }, dropConnectionBeforeApply);
    expect(await coordinator()).toBe(2);
  });

  test('is looked up again when it is dead', async () => {
    await connect();
    await cluster.killBroker(2);
    cluster.onRequest({ api: 'FindCoordinator', skip: 1 }, (exchange) => {
      cluster.fenceBroker(2);
      exchange.reply();
    });
    expect(await coordinator()).toBe(3);
  });

  test('is looked up again when its connection times out', async () => {
    const silent: Socket[] = [];
    const socketFactory = ({ host, port, onConnect }: { host: string; port: number; onConnect: () => void }): Socket => {
      if (!cluster.brokers[1]?.endsWith(`:${port}`) || silent.length > 0) return openSocket({ host, port }, onConnect);
      silent.push(new Socket());
      return silent[0] as Socket;
    };
    await connect({ connectionTimeout: 300, socketFactory });
    expect(await coordinator()).toBe(2);
    expect(silent).toHaveLength(1);
  });

  test('is looked up at another broker when one does not know it', async () => {
    await connect();
    cluster.onRequest({ api: 'FindCoordinator' }, respondWith(kafkaError.coordinatorNotAvailable));
    expect(await coordinator()).toBe(2);
    expect(asked('FindCoordinator')).toEqual([1, 2]);
  });
});
