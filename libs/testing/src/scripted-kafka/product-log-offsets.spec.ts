import { LogOffsets } from '@paceline/adapter-kafka';
import { type TopicName } from '@paceline/contracts';
import { kafkaError } from './error-codes.ts';
import { type Action, dropConnectionBeforeApply, neverAnswer, respondWith } from './faults.ts';
import {
  asked,
  connectTo,
  failureOf,
  messagesOf,
  namesCoordinator,
  offsetsOf,
  refusedWith,
  startCluster,
  transactionalId,
} from './product-client.ts';
import { type PartitionAnswer } from './protocol.ts';
import { type ScriptedKafka } from './scripted-kafka.ts';

// The scripted cluster has the topic of the other specs; its name is none of the product's.
const topic = 'facts' as TopicName;
const group = 'readers';
const at = (partition: number): { topic: TopicName; partition: number } => ({ topic, partition });
/** What the group has committed, and how long the logs are, when a spec begins. */
const committed = 5;
const ends = [
  { at: at(0), low: 0, high: 3 },
  { at: at(1), low: 0, high: 2 },
];

let cluster: ScriptedKafka;
let offsets: LogOffsets;

beforeEach(async () => {
  cluster = await startCluster();
  const connection = connectTo(cluster.brokers);
  const producer = connection.taskProducer(transactionalId);
  await producer.fence();
  await producer.send(messagesOf([['a'], ['b'], ['x', 1]]));
  await producer.sendOffsets(offsetsOf(committed));
  await producer.commit();
  await producer.close();
  offsets = new LogOffsets(connection.kafka);
  await offsets.connect();
});
afterEach(async () => {
  await offsets.close();
  await cluster.stop();
});

const offsetOf = async (): Promise<number | undefined> => (await offsets.committed(group, [at(0)]))[0]?.offset;

/** The answer as the rules give it, with other partitions. */
const replyWith =
  (change: (one: PartitionAnswer) => Partial<PartitionAnswer>): Action =>
  (exchange) => {
    const answer = exchange.apply();
    exchange.reply({ ...answer, partitions: answer.partitions.map((one) => ({ ...one, ...change(one) })) });
  };
/** As a broker answers that still has the part. */
const oldOffset =
  (offset: number): Action =>
  (exchange) => {
    const answer = exchange.refusal(kafkaError.none);
    exchange.reply({ ...answer, partitions: answer.partitions.map((one) => ({ ...one, offset })) });
  };
const partitionError = (errorCode: number): Action => replyWith(() => ({ errorCode, offset: -1 }));

describe('the committed offset of a group', () => {
  test('is what its coordinator says; -1 only where that knows of none', async () => {
    expect(await offsets.committed(group, [at(1), at(0)])).toEqual([
      { topic, offset: -1, metadata: '' },
      { topic, offset: committed, metadata: '' },
    ]);
  });

  test.each<readonly [string, Action]>([
    ['its coordinator is loading', respondWith(kafkaError.coordinatorLoadInProgress)],
    ['its coordinator is loading, by partition', partitionError(kafkaError.coordinatorLoadInProgress)],
    ['its coordinator has a commit under way for it', partitionError(88)],
    ['the answer leaves it out', (exchange) => exchange.reply({ ...exchange.apply(), partitions: [] })],
    ['it has none', respondWith(kafkaError.coordinatorNotAvailable)],
    ['the connection closes', dropConnectionBeforeApply],
    [
      'another broker coordinates',
      (exchange) => {
        cluster.moveCoordinator(group, 3);
        exchange.reply();
      },
    ],
  ])('is waited for while %s', async (_, action) => {
    const rule = cluster.onRequest({ api: 'OffsetFetch', times: 2 }, action);
    expect(await offsetOf()).toBe(committed);
    expect(rule.applied).toBeGreaterThan(0);
    expect(asked(cluster, 'OffsetFetch').at(-1)?.errors).toEqual([]);
  });

  test('is waited for while nobody can say who coordinates', async () => {
    cluster.moveCoordinator(group, null);
    const found = offsetOf();
    await cluster.until(() => asked(cluster, 'FindCoordinator').filter(({ errors }) => errors.length > 0).length > 2);
    cluster.moveCoordinator(group, 1);
    expect(await found).toBe(committed);
  });

  test('is asked of the next coordinator when one does not answer', async () => {
    cluster.onRequest({ api: 'OffsetFetch', broker: 2 }, neverAnswer);
    const found = offsetOf();
    await cluster.until(() => asked(cluster, 'OffsetFetch').length === 1);
    cluster.moveCoordinator(group, 3);
    expect(await found).toBe(committed);
    await cluster.stopBroker(2);
  });

  test.each([
    ['the answer', respondWith(30), 30],
    ['the partition', partitionError(29), 29],
  ] as const)('is not read from a refusal of %s', async (_, action, code) => {
    cluster.onRequest({ api: 'OffsetFetch' }, action);
    expect(await failureOf(offsetOf())).toMatchObject(refusedWith(code));
  });

  test('is not believed of a coordinator that was deposed while it was asked', async () => {
    cluster.onRequest({ api: 'OffsetFetch', broker: 2, times: Infinity }, (exchange) => {
      cluster.moveCoordinator(group, 3);
      return oldOffset(committed - 4)(exchange);
    });
    expect(await offsetOf()).toBe(committed);
    expect(asked(cluster, 'OffsetFetch').map(({ broker, fate }) => `${broker} ${fate}`)).toEqual(['2 answered', '3 answered']);
  });

  test('is not asked of a broker that names itself alone', async () => {
    cluster.moveCoordinator(group, 3);
    cluster.onRequest({ api: 'FindCoordinator', broker: 2, times: Infinity }, namesCoordinator(cluster, 2));
    expect(await offsetOf()).toBe(committed);
    expect(asked(cluster, 'OffsetFetch').map(({ broker }) => broker)).toEqual([3]);
  });

  test('is believed of a coordinator that others name while a deposed one goes on naming itself', async () => {
    await offsets.partitionsOf([topic]);
    await cluster.stopBroker(4);
    const deposed = cluster.onRequest({ api: 'FindCoordinator', broker: 1, times: Infinity }, namesCoordinator(cluster, 1));
    cluster.onRequest({ api: 'OffsetFetch', broker: 1, times: Infinity }, oldOffset(committed - 4));
    expect(await offsetOf()).toBe(committed);
    expect(deposed.applied).toBeGreaterThan(0);
  });

  test('is believed of the only broker that there is', async () => {
    await offsets.partitionsOf([topic]);
    for (const id of [1, 3, 4]) await cluster.stopBroker(id, { successor: 2 });
    expect(await offsetOf()).toBe(committed);
  });
});

describe('the stable end of a partition', () => {
  const stableEnds = (): Promise<unknown> => offsets.stableEnds([at(0), at(1)]);

  test('is what its leader says', async () => {
    expect(await stableEnds()).toEqual(ends);
    expect(await offsets.partitionsOf([topic])).toEqual([at(0), at(1), at(2)]);
  });

  test('lies before an open transaction', async () => {
    const producer = connectTo(cluster.brokers).taskProducer(transactionalId);
    await producer.fence();
    await producer.send(messagesOf([['open', 1]]));
    expect(await stableEnds()).toEqual(ends);
    await producer.commit();
    expect(await stableEnds()).toEqual([ends[0], { at: at(1), low: 0, high: 4 }]);
    await producer.close();
  });

  test.each<readonly [string, Action]>([
    ['another broker leads', (exchange) => (cluster.moveLeader(topic, 0, 2), exchange.reply())],
    ['its leader has just been elected', respondWith(78, [at(0)])],
    ['the disk of its leader fails', respondWith(56, [at(0)])],
    ['the connection closes', dropConnectionBeforeApply],
    ['the answer leaves it out', (exchange) => exchange.reply({ ...exchange.apply(), partitions: [] })],
  ])('is waited for while %s, and asked of nobody who has answered', async (_, action) => {
    const rule = cluster.onRequest({ api: 'ListOffsets', broker: 1, times: 2 }, action);
    expect(await stableEnds()).toEqual(ends);
    expect(rule.applied).toBeGreaterThan(0);
    const ofPartition1 = asked(cluster, 'ListOffsets').filter((request) => request.concerns(topic, 1));
    expect(ofPartition1).toHaveLength(2);
  });

  test('is waited for while nobody leads', async () => {
    cluster.moveLeader(topic, 0, null);
    const found = stableEnds();
    await cluster.until(() => asked(cluster, 'Metadata').filter((request) => request.concerns(topic)).length > 4);
    cluster.moveLeader(topic, 0, 4);
    expect(await found).toEqual(ends);
  });

  test('is asked of the next leader when one is frozen, though it is still listed', async () => {
    await stableEnds();
    cluster.freezeBroker(1);
    const found = stableEnds();
    await cluster.until(() => asked(cluster, 'ListOffsets').filter(({ broker }) => broker === 1).length === 4);
    cluster.moveLeader(topic, 0, 4);
    expect(await found).toEqual(ends);
    await cluster.stopBroker(1);
  });

  test('is not read from a refusal, and the refusal ends the question', async () => {
    cluster.onRequest({ api: 'ListOffsets' }, respondWith(29, [at(0)]));
    expect(await failureOf(stableEnds())).toMatchObject(refusedWith(29));
  });

  test('is not believed of a leader that was deposed while it was asked, not even when it leads again', async () => {
    const stale = cluster.onRequest({ api: 'ListOffsets', broker: 1, times: 2 }, (exchange) => {
      cluster.moveLeader(topic, 0, 3);
      cluster.moveLeader(topic, 0, 1);
      return oldOffset(1)(exchange);
    });
    expect(await stableEnds()).toEqual(ends);
    expect(stale.applied).toBe(2);
  });
});
