import { jest } from '@jest/globals';
import { type ClientCluster, type ClientPool, newClientBroker, newClientCluster } from './client-parts.ts';
import { kafkaError } from './error-codes.ts';
import { respondWith } from './faults.ts';
import { ScriptedKafka } from './scripted-kafka.ts';

// Pins the patch of the client: which broker cluster/brokerPool.js uses, and the connect of broker/index.js.

const topic = 'facts';

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

/** The client shuffles its brokers: this value keeps the order of their ids, the other one moves the first to the end. */
const inOrder = 1 - Number.EPSILON;
const firstGoesLast = 0;

beforeEach(async () => {
  luck = jest.spyOn(Math, 'random').mockReturnValue(inOrder);
  cluster = await ScriptedKafka.start({ topics: { [topic]: 3 } });
});

afterEach(async () => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  await cluster.stop();
  await client.disconnect();
});

describe('the first broker of the list', () => {
  test('is passed over when it is frozen', async () => {
    cluster.freezeBroker(1);
    await connect({ connectionTimeout: 500, retry: { initialRetryTime: 5, retries: 2 } });
    await pool.refreshMetadata([topic]);
    expect(asked('Metadata')).toEqual([2]);
  });

  test('is not the first one again after a disconnect', async () => {
    await connect();
    await client.disconnect();
    await client.connect();
    expect(asked('ApiVersions')).toEqual([1, 2]);
  });

  test('does not hold up its replacement', async () => {
    await connect();
    cluster.freezeBroker(1);
    const given = expect(pool.seedBroker?.metadata([topic])).rejects.toMatchObject({ name: 'KafkaJSConnectionClosedError' });
    await cluster.until(() => asked('Metadata').length === 1);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] });
    await pool.createSeedBroker();
    await given;
  });
});

test('a broker that failed to list its versions is asked for them again', async () => {
  await connect();
  client.brokerPool.seedBroker = undefined;
  const broker = await newClientBroker(client);
  cluster.onRequest({ api: 'ApiVersions' }, respondWith(kafkaError.networkException));
  await expect(broker.connect()).rejects.toThrow();
  await broker.connect();
  await broker.metadata([topic]);
  await broker.disconnect();
});

test('every address of the list is tried when the known brokers are gone', async () => {
  cluster.fenceBroker(2);
  cluster.fenceBroker(3);
  await connect();
  await pool.refreshMetadata([topic]);
  await cluster.stopBroker(2);
  await cluster.stopBroker(1);
  await cluster.stopBroker(3);
  await cluster.startBroker(3);
  await pool.refreshMetadata([topic]);
  expect(asked('Metadata').at(-1)).toBe(3);
});

test('disconnecting from several frozen brokers takes no longer than from one', async () => {
  await connect();
  await pool.refreshMetadata([topic]);
  const waitsLong = { groupId: 'readers', sessionTimeout: 6_000, rebalanceTimeout: 60_000, groupProtocols: [] };
  const gone = [1, 2].map((id) => {
    cluster.freezeBroker(id);
    return expect(pool.brokers[id]?.connect().then(() => pool.brokers[id]?.joinGroup(waitsLong))).rejects.toThrow();
  });
  await cluster.until(() => asked('JoinGroup').length === 2);
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] });
  const disconnected = client.disconnect();
  await jest.advanceTimersByTimeAsync(1_000);
  await disconnected;
  await Promise.all(gone);
});

test('all requests to a broker fail when the cluster has dropped it', async () => {
  await connect();
  await pool.refreshMetadata([topic]);
  await Promise.all(Object.values(pool.brokers).map((broker) => broker.connect()));
  cluster.freezeBroker(1);
  const given = expect(pool.brokers[1]?.metadata([topic])).rejects.toMatchObject({ name: 'KafkaJSConnectionClosedError' });
  await cluster.until(() => asked('Metadata').length === 2);
  cluster.fenceBroker(1);
  luck.mockReturnValue(firstGoesLast);
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] });
  await pool.refreshMetadata([topic]);
  await given;
  expect(Object.keys(pool.brokers)).toEqual(['2', '3']);
});

describe('a request to any broker', () => {
  const anyone = (): Promise<string | null> => pool.withBroker(({ nodeId }) => Promise.resolve(nodeId));

  beforeEach(async () => {
    await connect();
    await pool.refreshMetadata([topic]);
  });

  test('passes over one that cannot be reached', async () => {
    await cluster.killBroker(1);
    await cluster.killBroker(2);
    pool.brokers[1]?.connectionPool.abandon();
    expect(await anyone()).toBe('3');
  });

  test('prefers one that is connected', async () => {
    luck.mockReturnValue(firstGoesLast);
    expect(await anyone()).toBe('1');
  });

  test('prefers even one that is not connected to one with an overdue answer', async () => {
    cluster.freezeBroker(1);
    const given = expect(pool.brokers[1]?.metadata([topic])).rejects.toThrow();
    await cluster.until(() => asked('Metadata').length === 2);
    const now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now + 1_500);
    expect(await anyone()).toBe('2');
    clock.mockRestore();
    pool.brokers[1]?.connectionPool.abandon();
    await given;
  });
});
