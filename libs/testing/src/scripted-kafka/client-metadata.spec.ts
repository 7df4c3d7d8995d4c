import { jest } from '@jest/globals';
import { type ClientCluster, type ClientPool, newClientCluster } from './client-parts.ts';
import { kafkaError } from './error-codes.ts';
import { dropConnectionBeforeApply, holdAnswer, respondWith } from './faults.ts';
import { ScriptedKafka } from './scripted-kafka.ts';

// Pins the patch of the client: the metadata of cluster/brokerPool.js.

const topic = 'facts';
const other = 'controls';

let cluster: ScriptedKafka;
let client: ClientCluster;
let pool: ClientPool;
let luck: jest.SpiedFunction<typeof Math.random>;

const connect = async (options: object = {}): Promise<void> => {
  client = newClientCluster(cluster.brokers, options);
  pool = client.brokerPool;
  await client.connect();
};
const asked = (api: string): number[] => cluster.requests.filter((one) => one.api === api).map(({ broker }) => broker);
const addressOf = (broker: number): { host: string; port: number } => {
  const [host = '', port = ''] = (cluster.brokers[broker - 1] ?? '').split(':');
  return { host, port: Number(port) };
};
const leaders = (of = topic): number[] => client.findTopicPartitionMetadata(of).map(({ leader }) => leader);

/** The client shuffles its brokers: this value keeps the order of their ids, the other one moves the first to the end. */
const inOrder = 1 - Number.EPSILON;
const firstGoesLast = 0;

beforeEach(async () => {
  luck = jest.spyOn(Math, 'random').mockReturnValue(inOrder);
  cluster = await ScriptedKafka.start({ topics: { [topic]: 3, [other]: 3 } });
});

afterEach(async () => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  await cluster.stop();
  await client.disconnect();
});

describe('a metadata request', () => {
  beforeEach(async () => {
    await connect();
    await pool.refreshMetadata([topic]);
  });

  test.each([
    ['does not know the topic yet', respondWith(kafkaError.unknownTopicOrPartition)],
    ['closes the connection', dropConnectionBeforeApply],
  ])('goes to the next broker when one %s', async (_, fault) => {
    cluster.onRequest({ api: 'Metadata', times: 2 }, fault);
    await pool.refreshMetadata([topic]);
    expect(new Set(asked('Metadata').slice(-3)).size).toBe(3);
  });

  test('fails after one round when no broker knows the topic', async () => {
    cluster.onRequest({ api: 'Metadata', times: Infinity }, respondWith(kafkaError.unknownTopicOrPartition));
    await expect(pool.refreshMetadata([topic])).rejects.toMatchObject({ type: 'UNKNOWN_TOPIC_OR_PARTITION' });
    // The fourth is by the list of addresses.
    expect(asked('Metadata').slice(1, 4)).toEqual([1, 2, 3]);
    expect(asked('Metadata')).toHaveLength(5);
  });

  test('fails at once when it is not authorized', async () => {
    cluster.onRequest({ api: 'Metadata', times: Infinity }, respondWith(kafkaError.topicAuthorizationFailed));
    await expect(pool.refreshMetadata([topic])).rejects.toMatchObject({ type: 'TOPIC_AUTHORIZATION_FAILED' });
    expect(asked('Metadata')).toHaveLength(2);
  });

  test('fills the pool again that was emptied before its answer', async () => {
    const held = holdAnswer();
    cluster.onRequest({ api: 'Metadata' }, held);
    const refreshed = pool.refreshMetadata([topic]);
    await cluster.until(() => held.held.length === 1);
    for (const id of [1, 2, 3]) pool.removeBroker(addressOf(id));
    held.release();
    await refreshed;
    pool.removeBroker(addressOf(1));
    await pool.refreshMetadata([topic]);
    expect(Object.keys(pool.brokers)).toEqual(['1', '2', '3']);
  });
});

test('a topic that the request creates is waited for', async () => {
  await connect({ allowAutoTopicCreation: true });
  await pool.refreshMetadata([topic]);
  cluster.onRequest({ api: 'Metadata', times: 6 }, respondWith(kafkaError.unknownTopicOrPartition));
  await pool.refreshMetadata([topic]);
  expect(leaders()).toEqual([1, 2, 3]);
});

describe('an answer removes nothing', () => {
  beforeEach(async () => {
    await connect();
    await pool.refreshMetadata([topic]);
  });

  test('when it is about fewer topics', async () => {
    await pool.refreshMetadata([topic, other]);
    await pool.refreshMetadata([topic]);
    expect(leaders(other)).toEqual([1, 2, 3]);
  });

  test('when a younger one has arrived before it', async () => {
    await Promise.all(Object.values(pool.brokers).map((broker) => broker.connect()));
    const held = holdAnswer();
    cluster.onRequest({ api: 'Metadata' }, held);
    const overtaken = pool.refreshMetadata([topic]);
    await cluster.until(() => held.held.length === 1);
    cluster.moveLeader(topic, 0, 3);
    luck.mockReturnValue(firstGoesLast);
    await pool.refreshMetadata([topic, other]);
    held.release();
    await overtaken;
    expect([leaders(), leaders(other)]).toEqual([
      [3, 2, 3],
      [1, 2, 3],
    ]);
  });
});

test('an older answer that lists more brokers does not bring them back', async () => {
  await connect();
  const held = holdAnswer();
  cluster.onRequest({ api: 'Metadata' }, held);
  const older = pool.refreshMetadata([topic]);
  await cluster.until(() => held.held.length === 1);
  const younger = pool.refreshMetadata([topic]);
  await cluster.until(() => asked('Metadata').length === 2);
  cluster.fenceBroker(2);
  cluster.fenceBroker(3);
  held.release();
  await Promise.all([older, younger]);
  expect(Object.keys(pool.brokers)).toEqual(['1']);
});

test('partitions without a leader do not fail the answer, and are refreshed soon', async () => {
  await connect();
  await pool.refreshMetadata([topic]);
  cluster.moveLeader(topic, 1, null);
  await pool.refreshMetadata([topic]);
  expect(leaders()).toEqual([1, -1, 3]);
  await client.addTargetTopic(topic);
  cluster.moveLeader(topic, 1, 3);
  const now = performance.now();
  jest.spyOn(performance, 'now').mockImplementation(() => now + 300);
  await client.refreshMetadataIfNecessary();
  expect(leaders()).toEqual([1, 3, 3]);
});

test('a step of the wall clock neither ages nor renews metadata', async () => {
  await connect({ metadataMaxAge: 60_000 });
  await client.addTargetTopic(topic);
  const monotonic = performance.now();
  const wall = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
  await client.refreshMetadataIfNecessary();
  expect(asked('Metadata')).toHaveLength(1);
  wall.mockReturnValue(0);
  jest.spyOn(performance, 'now').mockReturnValue(monotonic + 61_000);
  await client.refreshMetadataIfNecessary();
  expect(asked('Metadata')).toHaveLength(2);
});
