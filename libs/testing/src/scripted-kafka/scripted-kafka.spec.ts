import { CompressionTypes, Kafka, logLevel, type Producer } from 'kafkajs';
import { kafkaError } from './error-codes.ts';
import {
  applyThenDropConnection,
  applyThenRespondWith,
  dropConnectionBeforeApply,
  holdAnswer,
  neverAnswer,
  respondWith,
} from './faults.ts';
import { ScriptedKafka } from './scripted-kafka.ts';

// With the client that the product uses, as it comes: what these specs prove is the cluster. They send to one partition at a
// time where a fault is scripted, because that is what the client's own producer does right.

const retry = { initialRetryTime: 5, maxRetryTime: 50, retries: 50 };
const topic = 'facts';

let cluster: ScriptedKafka;
let kafka: Kafka;
let producer: Producer;

const newProducer = (transactionalId?: string): Producer =>
  kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry, ...(transactionalId === undefined ? {} : { transactionalId }) });

const send = (value: string, partition = 0) => producer.send({ topic, messages: [{ value, partition }] });
const count = (api: string): number => cluster.requests.filter((request) => request.api === api).length;

beforeEach(async () => {
  cluster = await ScriptedKafka.start({ topics: { [topic]: 3 } });
  kafka = new Kafka({ brokers: cluster.brokers, logLevel: logLevel.NOTHING, retry, requestTimeout: 200 });
  producer = newProducer('one');
  await producer.connect();
});

afterEach(async () => {
  await producer.disconnect();
  await cluster.stop();
});

test('one send goes to three leaders; keys, values, headers and offsets are kept', async () => {
  const messages = [0, 1, 2].map((partition) => ({ partition, key: 'k', value: `v${partition}`, headers: { h: 'x' } }));
  await producer.send({ topic, messages });
  const answers = await producer.send({ topic, messages });
  expect(answers.map(({ baseOffset }) => baseOffset)).toEqual(['1', '1', '1']);
  const [first, second] = cluster.log(topic, 1);
  expect(first?.records).toEqual([{ key: 'k', value: 'v1', headers: { h: 'x' } }]);
  expect([first?.baseSequence, second?.baseSequence]).toEqual([0, 1]);
  const leaders = cluster.requests.filter(({ api }) => api === 'Produce').map(({ broker }) => broker);
  expect(new Set(leaders)).toEqual(new Set([1, 2, 3]));
});

test('batches packed with gzip are read', async () => {
  await producer.send({ topic, compression: CompressionTypes.GZIP, messages: [{ partition: 0, value: 'packed' }] });
  expect(cluster.committed(topic, 0)).toEqual(['packed']);
});

test('what a transaction wrote, offsets too, is committed as a whole or not at all', async () => {
  const committed = await producer.transaction();
  await committed.send({ topic, messages: [0, 1, 2].map((partition) => ({ partition, value: `kept ${partition}` })) });
  await committed.sendOffsets({ consumerGroupId: 'group', topics: [{ topic, partitions: [{ partition: 0, offset: '5' }] }] });
  expect([cluster.committed(topic, 0), cluster.committedOffsets('group')]).toEqual([[], {}]);
  await committed.commit();
  const aborted = await producer.transaction();
  await aborted.send({ topic, messages: [{ partition: 0, value: 'dropped' }] });
  await aborted.sendOffsets({ consumerGroupId: 'group', topics: [{ topic, partitions: [{ partition: 0, offset: '9' }] }] });
  await aborted.abort();
  expect([0, 1, 2].map((partition) => cluster.committed(topic, partition))).toEqual([['kept 0'], ['kept 1'], ['kept 2']]);
  expect(cluster.log(topic, 0).map(({ outcome }) => outcome)).toEqual(['committed', 'aborted']);
  expect(cluster.committedOffsets('group')).toEqual({ 'facts/0': 5 });
  expect(cluster.transactionState('one')).toBe('complete abort');
});

test('offsets are listed for both kinds of readers and fetched for groups', async () => {
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ partition: 0, value: 'open' }] });
  const admin = kafka.admin();
  await admin.connect();
  const [ends] = await Promise.all([admin.fetchTopicOffsets(topic), transaction.commit()]);
  expect(ends.map(({ high, low }) => [low, high])).toContainEqual(['0', '0']);
  await producer.transaction().then(async (next) => {
    await next.sendOffsets({ consumerGroupId: 'group', topics: [{ topic, partitions: [{ partition: 2, offset: '7' }] }] });
    await next.commit();
  });
  const [fetched] = await admin.fetchOffsets({ groupId: 'group', topics: [topic] });
  expect(fetched?.partitions.map(({ partition, offset }) => `${partition}: ${offset}`).sort()).toEqual(['0: -1', '1: -1', '2: 7']);
  await admin.disconnect();
});

test('a second producer with the same transactional id fences the first', async () => {
  const old = await producer.transaction();
  await old.send({ topic, messages: [{ partition: 0, value: 'old' }] });
  const successor = newProducer('one');
  await successor.connect();
  const next = await successor.transaction();
  await next.send({ topic, messages: [{ partition: 0, value: 'new' }] });
  await expect(old.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
  await next.commit();
  await successor.disconnect();
  expect(cluster.committed(topic, 0)).toEqual(['new']);
});

test('a transaction that the coordinator timed out cannot be committed', async () => {
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ partition: 0, value: 'late' }] });
  cluster.abortByTimeout('one');
  await expect(transaction.send({ topic, messages: [{ partition: 0, value: 'later' }] })).rejects.toThrow();
  await expect(transaction.commit()).rejects.toMatchObject({ type: 'INVALID_PRODUCER_EPOCH' });
  expect(cluster.committed(topic, 0)).toEqual([]);
});

describe('faults', () => {
  test.each([
    ['an error before anything is done', respondWith(kafkaError.notEnoughReplicas)],
    ['a connection closed before anything is done', dropConnectionBeforeApply],
    ['an error after the batch was written', applyThenRespondWith(kafkaError.notEnoughReplicasAfterAppend)],
    ['a connection closed after the batch was written', applyThenDropConnection],
  ])('%s: the client tries again', async (_, action) => {
    const rule = cluster.onRequest({ api: 'Produce' }, action);
    await send('a');
    expect(rule.applied).toBe(1);
    expect(count('Produce')).toBe(2);
    // The client takes the sequence back when a request fails, so that the batch is recognised.
    expect(cluster.log(topic, 0).map(({ baseSequence }) => baseSequence)).toEqual([0]);
  });

  test('a rule is for the requests that match, passes over some and ends', async () => {
    const rule = cluster.onRequest(
      { api: 'Produce', topic, partition: 0, broker: 1, skip: 1, times: 2, where: ({ partitions }) => partitions.length === 1 },
      respondWith(kafkaError.notEnoughReplicas),
    );
    await send('a', 1);
    await send('b');
    expect(rule.applied).toBe(0);
    await send('c');
    expect(rule.applied).toBe(2);
    await send('d');
    expect(count('Produce')).toBe(6);
    rule.cancel();
  });

  test('only the partitions named are refused', async () => {
    cluster.moveLeader(topic, 1, 1);
    cluster.onRequest({ api: 'Produce' }, respondWith(kafkaError.messageTooLarge, [{ topic, partition: 1 }]));
    const messages = [0, 1].map((partition) => ({ partition, value: 'v' }));
    await expect(producer.send({ topic, messages })).rejects.toThrow();
    expect([cluster.log(topic, 0).length, cluster.log(topic, 1).length]).toEqual([1, 0]);
  });

  test.each([
    ['arrival', ['a']],
    ['release', []],
  ] as const)('a held answer, applied at %s, comes when it is released', async (applyAt, meanwhile) => {
    const answer = holdAnswer({ applyAt });
    cluster.onRequest({ api: 'Produce' }, answer);
    const sent = send('a');
    await cluster.until(() => answer.held.length === 1);
    expect(cluster.committed(topic, 0)).toEqual(meanwhile);
    answer.release();
    await sent;
    expect(cluster.committed(topic, 0)).toEqual(['a']);
  });

  test('requests behind one without an answer wait; those on other connections do not', async () => {
    cluster.onRequest({ api: 'Produce', broker: 2 }, neverAnswer);
    const stuck = send('stuck', 1);
    void stuck.catch(() => undefined);
    await cluster.until(() => count('Produce') === 1);
    const other = newProducer();
    await other.connect();
    await other.send({ topic, messages: [{ partition: 1, value: 'other' }] });
    expect(cluster.committed(topic, 1)).toEqual(['other']);
    await other.disconnect();
    await cluster.stopBroker(2);
    await stuck;
    expect(cluster.committed(topic, 1)).toEqual(['other', 'stuck']);
  });

  test('a script may do what it likes, and what it throws ends the cluster with that error', async () => {
    const own = await ScriptedKafka.start({ topics: { [topic]: 1 } });
    const client = new Kafka({ brokers: own.brokers, logLevel: logLevel.NOTHING, retry: { retries: 0 } }).admin();
    own.onRequest({ api: 'Metadata' }, () => Promise.reject(new Error('broken script')));
    await client.connect().catch(() => undefined);
    await client.fetchTopicMetadata({ topics: [topic] }).catch(() => undefined);
    await client.disconnect();
    await expect(own.until(() => false)).rejects.toThrow('broken script');
    await expect(own.stop()).rejects.toThrow('broken script');
  });
});

describe('brokers', () => {
  test('a stopped broker refuses connections, another leads, and it comes back on its port', async () => {
    await send('a');
    const before = cluster.brokers;
    await cluster.stopBroker(1);
    await send('b');
    expect(cluster.requests.at(-1)).toMatchObject({ api: 'Produce', broker: 2 });
    await cluster.startBroker(1);
    cluster.moveLeader(topic, 0, 1);
    await send('c');
    expect(cluster.requests.at(-1)).toMatchObject({ api: 'Produce', broker: 1 });
    expect(cluster.brokers).toEqual(before);
    expect(cluster.committed(topic, 0)).toEqual(['a', 'b', 'c']);
  });

  test('a partition without a leader is waited for', async () => {
    cluster.moveLeader(topic, 0, null);
    const sent = send('a');
    await cluster.until(() => cluster.requests.some((request) => request.api === 'Metadata' && request.concerns(topic)));
    cluster.moveLeader(topic, 0, 3);
    await sent;
    expect(cluster.requests.at(-1)).toMatchObject({ api: 'Produce', broker: 3 });
    expect(cluster.committed(topic, 0)).toEqual(['a']);
  });

  test('a frozen broker reads and answers nothing; thawed, it answers by the leadership of then', async () => {
    await send('a');
    cluster.freezeBroker(1);
    const sent = send('b');
    await cluster.until(() => count('Produce') === 2);
    expect(cluster.log(topic, 0)).toHaveLength(1);
    cluster.fenceBroker(1);
    cluster.thawBroker(1);
    await sent;
    const produced = cluster.requests.filter(({ api }) => api === 'Produce');
    expect(produced.map(({ broker, errors }) => [broker, ...errors])).toEqual([[1], [1, kafkaError.notLeaderOrFollower], [2]]);
    expect(cluster.committed(topic, 0)).toEqual(['a', 'b']);
  });

  test('a coordinator that moved is asked where it is now', async () => {
    const transaction = await producer.transaction();
    cluster.moveCoordinator('one', 3);
    await transaction.send({ topic, messages: [{ partition: 0, value: 'a' }] });
    await transaction.commit();
    const added = cluster.requests.filter(({ api }) => api === 'AddPartitionsToTxn');
    expect(added.at(-1)).toMatchObject({ broker: 3, errors: [] });
    expect(cluster.committed(topic, 0)).toEqual(['a']);
  });
});
