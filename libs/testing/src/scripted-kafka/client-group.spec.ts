import { jest } from '@jest/globals';
import { newMembership } from './client-parts.ts';
import { group, Reader, topic } from './client-reader.ts';
import { kafkaError } from './error-codes.ts';
import { dropConnectionBeforeApply, holdAnswer, neverAnswer, respondWith } from './faults.ts';
import { ScriptedKafka } from './scripted-kafka.ts';

// Pins the patch of the client: consumer/consumerGroup.js, the consumer when brokers fail. Broker n + 1 leads partition n,
// broker 2 coordinates the group.

let cluster: ScriptedKafka;
let reader: Reader;
let luck: jest.SpiedFunction<typeof Math.random>;

beforeEach(async () => {
  // Brokers are asked in the order of their ids, the connected ones first.
  luck = jest.spyOn(Math, 'random').mockReturnValue(1 - Number.EPSILON);
  cluster = await ScriptedKafka.start({ topics: { [topic]: 3 } });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await cluster.stop();
  await reader.consumer.disconnect();
});

const start = async (options: ConstructorParameters<typeof Reader>[1] = {}): Promise<void> => {
  reader = new Reader(cluster, options);
  await reader.start();
};
/** Also waits for the first fetches: before them the consumer needs all leaders at once, for its positions. */
const startReading = async (options: ConstructorParameters<typeof Reader>[1] = {}): Promise<void> => {
  await start(options);
  await reader.fetchesOn([1, 2, 3], 1);
};
const hasHeartbeat = (broker: number): boolean =>
  reader.requests('Heartbeat', broker).some(({ fate, errors }) => fate === 'answered' && errors.length === 0);
const expectSameMembership = (): void => {
  expect([reader.joins.length, reader.count('JoinGroup'), reader.count('LeaveGroup'), reader.crashes]).toEqual([1, 1, 0, []]);
};

describe('a member keeps its membership when its coordinator', () => {
  test.each([
    ['moves', () => Promise.resolve(cluster.moveCoordinator(group, 3))],
    ['dies', () => cluster.stopBroker(2, { successor: 3 })],
  ])('%s', async (_, lose) => {
    await startReading();
    await cluster.until(() => hasHeartbeat(2));
    await lose();
    await cluster.until(() => hasHeartbeat(3));
    expectSameMembership();
    const { memberId, generation } = reader.requests('Heartbeat', 3).at(-1)?.body.member ?? {};
    expect([memberId, generation]).toEqual([reader.joins[0], 1]);
  });

  test('freezes and is fenced', async () => {
    await startReading({ consumer: { metadataMaxAge: 50 } });
    await cluster.until(() => hasHeartbeat(2));
    cluster.freezeBroker(2);
    await cluster.until(() => reader.requests('Heartbeat', 2).some(({ fate }) => fate === 'waiting'));
    cluster.fenceBroker(2, { successor: 3 });
    await cluster.until(() => hasHeartbeat(3));
    expectSameMembership();
  });

  test('still loads the group', async () => {
    await startReading();
    const loading = cluster.onRequest({ api: 'Heartbeat', times: 3 }, respondWith(kafkaError.coordinatorLoadInProgress));
    await cluster.until(() => loading.applied === 3 && reader.count('Heartbeat') > 4);
    expectSameMembership();
  });

  test('moves, and commits to the new one', async () => {
    await startReading();
    cluster.moveCoordinator(group, 3);
    await cluster.until(() => hasHeartbeat(3));
    await reader.consumer.commitOffsets([{ topic, partition: 0, offset: '0' }]);
    expect(cluster.committedOffsets(group)).toEqual({ 'facts/0': 0 });
    expect(reader.count('OffsetCommit', 2)).toBe(0);
  });
});

describe('fetches', () => {
  test('go on while a heartbeat has no answer', async () => {
    await startReading();
    cluster.onRequest({ api: 'Heartbeat', times: Infinity }, neverAnswer);
    const before = reader.count('Heartbeat');
    await cluster.until(() => reader.count('Heartbeat') > before);
    await reader.fetchesOn([1, 2, 3]);
    expect(reader.count('Heartbeat')).toBe(before + 1);
  });

  test('go on while a metadata refresh has no answer', async () => {
    await startReading({ consumer: { metadataMaxAge: 1 } });
    const held = holdAnswer();
    cluster.onRequest({ api: 'Metadata', times: Infinity }, held);
    await cluster.until(() => held.held.length > 0);
    await reader.fetchesOn([1, 2, 3]);
    expect(held.held).toHaveLength(1);
    held.release();
  });

  test('follow a partition to its new leader without a join', async () => {
    await startReading();
    cluster.moveLeader(topic, 0, 3);
    await reader.reads(0, 3);
    expectSameMembership();
  });

  test('of other brokers go on while one is dead, and its successor is used without a join', async () => {
    await startReading({ consumer: { metadataMaxAge: 50 } });
    await cluster.killBroker(1);
    await reader.fetchesOn([2, 3], 20);
    cluster.fenceBroker(1);
    await reader.reads(0, 2);
    expectSameMembership();
  });

  test('of other brokers go on while one is frozen, and its successor is used without a join', async () => {
    await startReading({ consumer: { metadataMaxAge: 50 } });
    luck.mockReturnValue(0); // asked last
    cluster.freezeBroker(1);
    await reader.fetchesOn([2, 3], 20);
    cluster.fenceBroker(1);
    await reader.reads(0, 2);
    expectSameMembership();
  });

  test('of other partitions go on while one has no leader, and it is fetched again when it has one', async () => {
    await startReading({ consumer: { metadataMaxAge: 50 } });
    cluster.moveLeader(topic, 1, null);
    await reader.fetchesOn([1, 3], 20);
    cluster.moveLeader(topic, 1, 3);
    await reader.reads(1, 3);
    expectSameMembership();
  });
});

test('a rebalance that a heartbeat reports leads to a join', async () => {
  await startReading();
  cluster.onRequest({ api: 'Heartbeat' }, respondWith(kafkaError.rebalanceInProgress));
  await cluster.until(() => reader.joins.length === 2);
  expect(reader.joins[1]).toBe(reader.joins[0]);
});

test('a heartbeat that fails after a new join does not lead to another join', async () => {
  const membership = newMembership();
  const [failing, next] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  membership.coordinator = { heartbeat: () => failing.promise };
  Object.assign(membership, { memberId: 'member', generationId: 1 });
  const heartbeat = { interval: 0 };
  await membership.heartbeat(heartbeat);
  membership.generationId = 2;
  failing.reject(Object.assign(new Error('rebalancing'), { type: 'REBALANCE_IN_PROGRESS' }));
  await new Promise(setImmediate);
  membership.coordinator = { heartbeat: () => next.promise };
  await membership.heartbeat(heartbeat);
  next.reject(new Error('of this generation'));
  await new Promise(setImmediate);
  await expect(membership.heartbeat(heartbeat)).rejects.toThrow('of this generation');
});

test.each([3_600_000, -3_600_000])('heartbeats go on when the wall clock stands still, and was set by %d ms', async (step) => {
  await startReading();
  jest.spyOn(Date, 'now').mockReturnValue(Date.now() + step);
  const before = reader.count('Heartbeat');
  await cluster.until(() => reader.count('Heartbeat') >= before + 3);
  expectSameMembership();
});

describe('a join', () => {
  test('is repeated when the coordinator closes the connection', async () => {
    cluster.onRequest({ api: 'JoinGroup' }, dropConnectionBeforeApply);
    await start();
    expect([reader.joins, reader.crashes]).toEqual([['member 1'], []]);
  });

  test.each([kafkaError.coordinatorLoadInProgress, kafkaError.coordinatorNotAvailable])('is repeated after error %d', async (code) => {
    cluster.onRequest({ api: 'SyncGroup' }, respondWith(code));
    await start();
    expect([reader.count('JoinGroup'), reader.crashes]).toEqual([2, []]);
  });

  test('moves to the new coordinator when the frozen one is fenced', async () => {
    cluster.freezeBroker(2);
    const frozen = cluster.until(() => cluster.requests.some(({ api, broker }) => api === 'JoinGroup' && broker === 2));
    const started = start({ consumer: { metadataMaxAge: 50 }, client: { brokers: [...cluster.brokers].reverse() } });
    await frozen;
    cluster.fenceBroker(2, { successor: 3 });
    await started;
    expect([reader.count('JoinGroup', 3), reader.crashes]).toEqual([1, []]);
  });
});

describe('a member that leaves', () => {
  const idle = { consumer: { heartbeatInterval: 5_000 } };
  const left = (broker: number): boolean => reader.requests('LeaveGroup', broker).some(({ applied }) => applied);

  test.each([
    ['moved', () => Promise.resolve(cluster.moveCoordinator(group, 3))],
    ['died', () => cluster.stopBroker(2, { successor: 3 })],
  ])('leaves at the new coordinator when the old one %s', async (_, lose) => {
    await startReading(idle);
    await lose();
    await reader.close();
    expect(left(3)).toBe(true);
  });

  test('waits only a second for the lookup of the new coordinator', async () => {
    await startReading(idle);
    cluster.moveCoordinator(group, 3);
    cluster.onRequest({ api: 'FindCoordinator', times: Infinity }, neverAnswer);
    const before = reader.count('FindCoordinator');
    await reader.close();
    expect(reader.count('FindCoordinator')).toBe(before + 1);
  });
});
