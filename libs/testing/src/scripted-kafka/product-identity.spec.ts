import { factProducer } from '@paceline/adapter-kafka';
import { kafkaError } from './error-codes.ts';
import { type Action, applyThenDropConnection, dropConnectionBeforeApply, neverAnswer, respondWith } from './faults.ts';
import { asked, connectTo, failureOf, messagesOf, refusedWith, startCluster, topic } from './product-client.ts';
import { type ScriptedKafka } from './scripted-kafka.ts';

type Producer = ReturnType<typeof factProducer>;

let cluster: ScriptedKafka;
let producer: Producer;

beforeEach(async () => {
  cluster = await startCluster();
  producer = factProducer(connectTo(cluster.brokers));
  await producer.connect();
});
afterEach(async () => {
  await producer.close();
  await cluster.stop();
});

const send = (value: string): Promise<void> => producer.send(messagesOf([[value]]));
const identities = (): Set<number> => new Set(asked(cluster, 'Produce').map(({ body }) => body.producerId));

describe('who writes without transactions', () => {
  test.each<readonly [string, Action]>([
    ['the answer is lost', applyThenDropConnection],
    ['the connection closes', dropConnectionBeforeApply],
    ['the broker has none to give', respondWith(kafkaError.coordinatorLoadInProgress)],
    ['the broker cannot reach those that give', respondWith(kafkaError.coordinatorNotAvailable)],
    ['the broker is silent', neverAnswer],
  ])('is asked until it is known, and before anything is written: %s', async (_, action) => {
    const rule = cluster.onRequest({ api: 'InitProducerId' }, action);
    const written = send('a');
    await cluster.until(() => rule.applied === 1);
    const [first = 0] = asked(cluster, 'InitProducerId').map(({ broker }) => broker);
    // A silent broker must not have to write, too.
    cluster.moveLeader(topic, 0, (first % 4) + 1);
    await written;
    await send('b');
    expect([rule.applied, asked(cluster, 'InitProducerId').length, identities().size]).toEqual([1, 2, 1]);
    expect(cluster.committed(topic, 0)).toEqual(['a', 'b']);
    expect(asked(cluster, 'InitProducerId', 'Produce').map(({ api }) => api)).toEqual([
      'InitProducerId',
      'InitProducerId',
      'Produce',
      'Produce',
    ]);
    expect(asked(cluster, 'InitProducerId')[1]?.broker).not.toBe(first);
    // Closing would wait a second for an answer that never comes.
    if (action === neverAnswer) await cluster.stopBroker(first);
  });

  test('is refused without harm: nothing was written, the next send asks again', async () => {
    cluster.onRequest({ api: 'InitProducerId' }, respondWith(31));
    expect(await failureOf(send('a'))).toMatchObject(refusedWith(31));
    await send('b');
    expect(cluster.committed(topic, 0)).toEqual(['b']);
  });

  test('is given up when patience is over', async () => {
    cluster.onRequest({ api: 'InitProducerId', times: Infinity }, respondWith(kafkaError.coordinatorLoadInProgress));
    const sent = failureOf(producer.send(messagesOf([['a']]), { forMs: 50 }));
    expect(await sent).toEqual(new Error('InitProducerId: coordinatorLoadInProgress (14)'));
    expect(asked(cluster, 'Produce')).toEqual([]);
  });
});

test('a send that is given up leaves its producer unusable: what follows would be numbered after what may be missing', async () => {
  await send('a');
  const rule = cluster.onRequest({ api: 'Produce', times: Infinity }, respondWith(kafkaError.notEnoughReplicas));
  const failure = await failureOf(producer.send(messagesOf([['b']]), { forMs: 50 }));
  expect(failure).toEqual(new Error('facts/0: notEnoughReplicas (19)'));
  rule.cancel();
  expect(await failureOf(send('c'))).toBe(failure);
  expect(cluster.committed(topic, 0)).toEqual(['a']);
});
