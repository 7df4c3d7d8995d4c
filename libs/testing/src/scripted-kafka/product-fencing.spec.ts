import { type TaskProducer } from '@paceline/adapter-kafka';
import { kafkaError } from './error-codes.ts';
import { holdAnswer, respondWith } from './faults.ts';
import {
  asked,
  failureOf,
  group,
  messagesOf,
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
const committed = (partition = 0): unknown => cluster.committed(topic, partition);

describe('a producer that was refused', () => {
  const laterCalls = (): Promise<unknown>[] =>
    [() => send(['later']), () => producer.sendOffsets(offsetsOf(9)), () => producer.commit(), () => producer.fence()].map((call) =>
      failureOf(call()),
    );

  test('at its commit, because the coordinator has aborted meanwhile, wrote nothing and stays refused', async () => {
    await send(['a']);
    await producer.sendOffsets(offsetsOf(7));
    cluster.abortByTimeout(transactionalId);
    const failure = await failureOf(producer.commit());
    expect(failure).toMatchObject(refusedWith(kafkaError.invalidProducerEpoch));
    const before = cluster.requests.length;
    for (const later of laterCalls()) expect(await later).toBe(failure);
    expect([cluster.requests.length, committed(), cluster.committedOffsets(group)]).toEqual([before, [], {}]);
  });

  test.each<readonly [string, Sent]>([
    ['to a partition that it has written to', ['b']],
    ['to another one', ['x', 1]],
  ])('at a send after that (%s) does not commit what is left', async (_, message) => {
    await send(['a']);
    cluster.abortByTimeout(transactionalId);
    const failure = await failureOf(send(message));
    expect(failure).toMatchObject(refusedWith(kafkaError.invalidProducerEpoch));
    for (const later of laterCalls()) expect(await later).toBe(failure);
    expect([asked(cluster, 'EndTxn'), committed(), committed(1)]).toEqual([[], [], []]);
  });

  test.each([
    ['AddPartitionsToTxn', kafkaError.invalidTxnState],
    ['Produce', kafkaError.outOfOrderSequenceNumber],
    ['AddOffsetsToTxn', kafkaError.invalidProducerIdMapping],
    ['TxnOffsetCommit', kafkaError.producerFenced],
    ['EndTxn', 1_000],
  ] as const)('with an answer to %s that no repetition changes is unusable; a new one goes on', async (api, code) => {
    const rule = cluster.onRequest({ api }, respondWith(code));
    const work = async (): Promise<void> => {
      await send(['a']);
      await producer.sendOffsets(offsetsOf(7));
      await producer.commit();
    };
    const failure = await failureOf(work());
    expect([rule.applied, failure]).toEqual([1, expect.objectContaining(refusedWith(code))]);
    for (const later of laterCalls()) expect(await later).toBe(failure);
    producer = tasks.open();
    await producer.fence();
    await work();
    expect([committed(), cluster.committedOffsets(group)]).toEqual([['a'], { 'facts/0': 7 }]);
  });

  test.each([
    ['with a send', () => send(['zombie'])],
    ['with offsets', () => producer.sendOffsets(offsetsOf(3))],
    ['with its commit', () => producer.commit()],
  ])('because a new one took its id over: nothing of it is visible, though it goes on %s', async (_, goOn) => {
    await send(['old'], ['old', 1]);
    await producer.sendOffsets(offsetsOf(2));
    const successor = tasks.open();
    await successor.fence();
    const failure = await failureOf(goOn());
    expect(failure).toMatchObject(refusedWith(kafkaError.invalidProducerEpoch));
    for (const later of laterCalls()) expect(await later).toBe(failure);
    await successor.send(messagesOf([['new']]));
    await successor.commit();
    expect([committed(), committed(1), cluster.committedOffsets(group)]).toEqual([['new'], [], {}]);
  });

  test('because a new one took its id over while its batch was under way writes nothing', async () => {
    const late = holdAnswer({ applyAt: 'release' });
    cluster.onRequest({ api: 'Produce' }, late);
    const sent = failureOf(send(['old']));
    await cluster.until(() => late.held.length === 1);
    const successor = tasks.open();
    await successor.fence();
    late.release();
    expect(await sent).toMatchObject({ name: 'KafkaRefusal' });
    await successor.send(messagesOf([['new']]));
    await successor.commit();
    expect(committed()).toEqual(['new']);
  });
});
