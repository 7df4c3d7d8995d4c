import { type TaskProducer } from '@paceline/adapter-kafka';
import { kafkaError } from './error-codes.ts';
import {
  type Action,
  applyThenDropConnection,
  applyThenNeverAnswer,
  applyThenRespondWith,
  dropConnectionBeforeApply,
  holdAnswer,
  neverAnswer,
  respondWith,
} from './faults.ts';
import { asked, group, messagesOf, offsetsOf, type Sent, TaskProducers, topic, transactionalId } from './product-client.ts';
import { type ScriptedKafka } from './scripted-kafka.ts';

let tasks: TaskProducers;
let cluster: ScriptedKafka;
let producer: TaskProducer;

beforeEach(async () => {
  tasks = await TaskProducers.start();
  cluster = tasks.cluster;
  producer = tasks.open();
  await producer.fence();
});
afterEach(() => tasks.stop());

const send = (...messages: Sent[]): Promise<void> => producer.send(messagesOf(messages));
const committed = (partition = 0): unknown => cluster.committed(topic, partition);
const state = (): string => cluster.transactionState(transactionalId);

/** Another broker coordinates when the request is worked on. */
const afterMove: Action = (exchange) => {
  cluster.moveCoordinator(transactionalId, 3);
  cluster.moveCoordinator(group, 1);
  exchange.reply();
};
const applyThenMove: Action = (exchange) => {
  exchange.apply();
  cluster.moveCoordinator(transactionalId, 3);
  cluster.moveCoordinator(group, 1);
  exchange.drop();
};

const steps = ['AddPartitionsToTxn', 'AddOffsetsToTxn', 'TxnOffsetCommit', 'EndTxn'] as const;
const faults: readonly (readonly [string, Action])[] = [
  ['the transaction before has not ended', respondWith(kafkaError.concurrentTransactions)],
  ['the coordinator is loading', respondWith(kafkaError.coordinatorLoadInProgress)],
  ['the coordinator is being elected', respondWith(kafkaError.coordinatorNotAvailable)],
  ['another broker coordinates', afterMove],
  ['the connection was closed before', dropConnectionBeforeApply],
  ['the connection was closed after', applyThenDropConnection],
  ['the connection was closed after, and another broker coordinates', applyThenMove],
  ['it was done, but not acknowledged in time', applyThenRespondWith(kafkaError.requestTimedOut)],
];

describe.each(steps)('%s is carried out once', (api) => {
  test.each(faults)('%s', async (_, action) => {
    await send(['a']);
    await producer.commit();
    const rule = cluster.onRequest({ api }, action);
    await send(['b'], ['x', 1]);
    await producer.sendOffsets(offsetsOf(7));
    await send(['c']);
    expect([committed(), committed(1), cluster.committedOffsets(group)]).toEqual([['a'], [], {}]);
    await producer.commit();
    expect(rule.applied).toBe(1);
    expect([committed(), committed(1), cluster.committedOffsets(group)]).toEqual([['a', 'b', 'c'], ['x'], { 'facts/0': 7 }]);
    await send(['d']);
    await producer.commit();
    expect([committed(), state()]).toEqual([['a', 'b', 'c', 'd'], 'complete commit']);
    expect(asked(cluster, 'EndTxn').filter(({ applied }) => applied).length).toBeGreaterThanOrEqual(3);
  });
});

test('a topic that the coordinator does not know yet is waited for, and nothing is produced meanwhile', async () => {
  cluster.onRequest({ api: 'AddPartitionsToTxn', times: 2 }, (exchange) => {
    expect(asked(cluster, 'Produce')).toEqual([]);
    const unknown = exchange.refusal(kafkaError.unknownTopicOrPartition, ({ partition }) => partition === 1);
    const rest = exchange.refusal(kafkaError.operationNotAttempted, ({ partition }) => partition === 0);
    exchange.reply({ ...unknown, partitions: [...rest.partitions, ...unknown.partitions] });
  });
  await send(['a'], ['x', 1]);
  await producer.commit();
  expect([committed(), committed(1)]).toEqual([['a'], ['x']]);
});

describe.each([
  ['EndTxn', 4, transactionalId],
  ['TxnOffsetCommit', 2, group],
] as const)('a coordinator that does not answer %s', (api, broker, id) => {
  test.each([
    ['though it is done', applyThenNeverAnswer],
    ['and it is not done', neverAnswer],
  ])('is given up for the next one when that is elected: %s', async (_, silent) => {
    cluster.onRequest({ api, broker }, silent);
    await send(['a']);
    const ended = producer.sendOffsets(offsetsOf(7)).then(() => producer.commit());
    await cluster.until(() => asked(cluster, api).length === 1);
    cluster.moveCoordinator(id, 3);
    await ended;
    expect(asked(cluster, api).map((request) => request.broker)).toEqual([broker, 3]);
    expect([committed(), cluster.committedOffsets(group)]).toEqual([['a'], { 'facts/0': 7 }]);
    await cluster.stopBroker(broker);
  });
});

test('a commit that a deposed coordinator reads late changes nothing', async () => {
  await send(['a']);
  cluster.freezeBroker(4);
  const ended = producer.commit();
  await cluster.until(() => asked(cluster, 'EndTxn').length === 1);
  cluster.moveCoordinator(transactionalId, 3);
  await ended;
  await send(['b']);
  cluster.thawBroker(4);
  await cluster.until(() => asked(cluster, 'EndTxn').every(({ fate }) => fate !== 'waiting'));
  expect([committed(), state()]).toEqual([['a'], 'ongoing']);
  await producer.commit();
  expect(committed()).toEqual(['a', 'b']);
});

describe('what the coordinator must know', () => {
  test('no batch goes out before all partitions of the send are added; each is added once a transaction', async () => {
    const answer = holdAnswer();
    cluster.onRequest({ api: 'AddPartitionsToTxn' }, answer);
    const sent = send(['a'], ['x', 1], ['y', 2]);
    await cluster.until(() => answer.held.length === 1);
    expect(asked(cluster, 'Produce')).toEqual([]);
    answer.release();
    await sent;
    await send(['b']);
    await producer.commit();
    await send(['c'], ['z', 2]);
    await send(['d', 1]);
    await producer.commit();
    const added = asked(cluster, 'AddPartitionsToTxn').map(({ partitions }) => partitions.map(({ partition }) => partition));
    expect(added).toEqual([[0, 1, 2], [0, 2], [1]]);
    const known = new Set<string>();
    for (const { api, body } of asked(cluster, 'AddPartitionsToTxn', 'Produce', 'EndTxn')) {
      if (api === 'EndTxn') known.clear();
      for (const { partition } of body.partitions) {
        if (api === 'Produce') expect(known).toContain(String(partition));
        else known.add(String(partition));
      }
    }
    expect([0, 1, 2].map(committed)).toEqual([
      ['a', 'b', 'c'],
      ['x', 'd'],
      ['y', 'z'],
    ]);
  });

  test('a transaction with nothing in it is not ended', async () => {
    await producer.commit();
    await producer.send([]);
    await producer.commit();
    expect(asked(cluster, 'EndTxn', 'AddPartitionsToTxn', 'Produce')).toEqual([]);
    await send(['a']);
    await producer.commit();
    await producer.commit();
    expect(asked(cluster, 'EndTxn')).toHaveLength(1);
  });

  test('one that only moves offsets is', async () => {
    await producer.sendOffsets(offsetsOf(7));
    await producer.sendOffsets(offsetsOf(8));
    expect(cluster.committedOffsets(group)).toEqual({});
    await producer.commit();
    expect([cluster.committedOffsets(group), asked(cluster, 'AddOffsetsToTxn').length, state()]).toEqual([
      { 'facts/0': 8 },
      1,
      'complete commit',
    ]);
  });
});

describe('InitProducerId', () => {
  test.each([
    ...faults,
    ['the transaction of the producer before is still open', (exchange) => exchange.reply()] satisfies [string, Action],
  ])('is asked until it is done: %s', async (_, action) => {
    await send(['left open']);
    const rule = cluster.onRequest({ api: 'InitProducerId' }, action);
    producer = tasks.open();
    await producer.fence();
    expect(rule.applied).toBe(1);
    await send(['a']);
    await producer.commit();
    expect(committed()).toEqual(['a']);
  });
});
