import { type TaskProducer } from '@paceline/adapter-kafka';
import { type Exchange } from './exchange.ts';
import { type Action, respondWith } from './faults.ts';
import { kafkaError } from './error-codes.ts';
import {
  asked,
  failureOf,
  group,
  messagesOf,
  namesCoordinator,
  offsetsOf,
  refusedWith,
  type Sent,
  TaskProducers,
  topic,
  transactionalId,
} from './product-client.ts';
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
const committed = (): readonly (string | null)[] => cluster.committed(topic, 0);
const epochs = (): unknown[] => asked(cluster, 'Produce').map(({ body }) => body.producerEpoch);

/** Keeps a request from being worked on; `late` does so, although the client has given it up. */
function held(): { readonly action: Action; late(): void } {
  const exchanges: Exchange[] = [];
  return {
    action: (exchange) => void exchanges.push(exchange),
    late: () => exchanges.forEach((exchange) => exchange.apply()),
  };
}

describe('a request that was given up and is worked on in the next transaction', () => {
  test('does not move the offsets of that one back', async () => {
    const request = held();
    await send(['a']);
    cluster.onRequest({ api: 'TxnOffsetCommit' }, request.action);
    await producer.sendOffsets(offsetsOf(1));
    await producer.commit();
    await send(['b']);
    await producer.sendOffsets(offsetsOf(2));
    request.late();
    await producer.commit();
    expect([committed(), cluster.committedOffsets(group)]).toEqual([['a', 'b'], { 'facts/0': 2 }]);
    expect(epochs()).toEqual([0, 1]);
  });

  test('does not end that one half written', async () => {
    const request = held();
    await send(['a']);
    cluster.onRequest({ api: 'EndTxn' }, request.action);
    await producer.commit();
    await send(['b']);
    request.late();
    expect(committed()).toEqual(['a']);
    await producer.sendOffsets(offsetsOf(2));
    await producer.commit();
    expect([committed(), cluster.committedOffsets(group)]).toEqual([['a', 'b'], { 'facts/0': 2 }]);
  });

  test.each(['first', 'second'])('is outlived by asking for the next epoch once, though the %s answer is lost', async (which) => {
    await send(['a']);
    cluster.onRequest({ api: 'EndTxn' }, (exchange) => exchange.drop());
    await producer.commit();
    cluster.onRequest({ api: 'InitProducerId' }, (exchange) => {
      if (which === 'first') exchange.apply();
      exchange.drop();
    });
    await send(['b']);
    await producer.commit();
    expect([committed(), epochs()]).toEqual([
      ['a', 'b'],
      [0, 1],
    ]);
  });

  test('is no reason for a new epoch when everything was answered', async () => {
    for (const value of ['a', 'b', 'c']) {
      await send([value]);
      await producer.commit();
    }
    expect(epochs()).toEqual([0, 0, 0]);
  });
});

test('who was replaced meanwhile is refused the next epoch, and its successor goes on', async () => {
  await send(['a']);
  cluster.onRequest({ api: 'EndTxn' }, (exchange) => exchange.drop());
  await producer.commit();
  const successor = tasks.open();
  await successor.fence();
  expect(await failureOf(send(['b']))).toMatchObject(refusedWith(kafkaError.invalidProducerEpoch));
  await successor.send(messagesOf([['c']]));
  await successor.commit();
  expect(committed()).toEqual(['a', 'c']);
});

test('a producer that is fenced again begins anew', async () => {
  await send(['a']);
  await producer.commit();
  await producer.fence();
  await send(['b']);
  await producer.commit();
  expect([committed(), epochs()]).toEqual([
    ['a', 'b'],
    [0, 1],
  ]);
});

test('an answer that leaves the offsets out moves none, and they are sent again', async () => {
  cluster.onRequest({ api: 'TxnOffsetCommit' }, (exchange) => exchange.reply({ ...exchange.refusal(kafkaError.none), partitions: [] }));
  await send(['a']);
  await producer.sendOffsets(offsetsOf(1));
  await producer.commit();
  expect(cluster.committedOffsets(group)).toEqual({ 'facts/0': 1 });
});

describe('a coordinator that was deposed and is cut off from the others', () => {
  /** Broker 4 has carried out one transaction of the same epoch, names itself, and says of every commit that it is done. */
  beforeEach(async () => {
    await send(['a']);
    await producer.sendOffsets(offsetsOf(1));
    await producer.commit();
    expect(asked(cluster, 'EndTxn').map(({ broker }) => broker)).toEqual([4]);
    cluster.moveCoordinator(transactionalId, 3);
    const ofTransaction = ({ body }: { readonly body: { readonly coordinatorType: string } }): boolean =>
      body.coordinatorType === 'transaction';
    cluster.onRequest({ api: 'FindCoordinator', broker: 4, times: Infinity, where: ofTransaction }, namesCoordinator(cluster, 4));
    cluster.onRequest({ api: 'AddPartitionsToTxn', broker: 4, times: Infinity }, respondWith(kafkaError.notCoordinator));
    cluster.onRequest({ api: 'EndTxn', broker: 4, times: Infinity }, (exchange) => exchange.reply(exchange.refusal(kafkaError.none)));
    await send(['b']);
    await producer.sendOffsets(offsetsOf(2));
  });

  test.each<readonly [string, Action]>([
    ['loses its connection', (exchange) => exchange.drop()],
    [
      'takes longer than a look',
      async (exchange) => {
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        exchange.reply();
      },
    ],
  ])('is not asked to commit when its successor %s', async (_, action) => {
    cluster.onRequest({ api: 'EndTxn', broker: 3 }, action);
    await producer.commit();
    expect([committed(), cluster.committedOffsets(group)]).toEqual([['a', 'b'], { 'facts/0': 2 }]);
    expect(asked(cluster, 'EndTxn').filter(({ broker }) => broker === 4)).toHaveLength(1);
  });
});
