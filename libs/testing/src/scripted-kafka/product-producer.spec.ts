import { kafkaError } from './error-codes.ts';
import {
  type Action,
  applyThenDropConnection,
  applyThenNeverAnswer,
  applyThenRespondWith,
  dropConnectionBeforeApply,
  neverAnswer,
  respondWith,
} from './faults.ts';
import {
  leaderMovesBeforeItsAnswer,
  leaderStopsBeforeItsAnswer,
  refusedByCoordinatorWhileAnswerUnderWay,
  refusedByLeaderWhileAnswerUnderWay,
  scenarioValues,
  type SendMode,
} from './produce-scenarios.ts';
import { openWriter, productProducer, startCluster, topic, type Writer } from './product-client.ts';
import { type ReceivedRequest } from './received-request.ts';
import { type ScriptedKafka } from './scripted-kafka.ts';

const modes = ['transaction', 'plain'] as const;
const onceInOrder = { committed: scenarioValues, failure: undefined, reached: true };

describe('what the producer of the client writes twice or loses is written once and in order', () => {
  test('the coordinator refuses one partition', async () => {
    const { transcript, ...outcome } = await refusedByCoordinatorWhileAnswerUnderWay(productProducer);
    expect({ ...outcome, transcript }).toMatchObject(onceInOrder);
  });

  test.each(modes)('a leader refuses its batch while another answer is under way (%s)', async (mode) => {
    const releaseWhen = (cluster: ScriptedKafka): Promise<void> =>
      cluster.until(() => produces(cluster).some(({ broker, fate }) => broker === 1 && fate === 'answered'));
    expect(await refusedByLeaderWhileAnswerUnderWay(productProducer, { mode, releaseWhen })).toMatchObject(onceInOrder);
  });

  test.each(modes)('a leader stops before its answer and its successor has answered already (%s)', async (mode) => {
    expect(await leaderStopsBeforeItsAnswer(productProducer, { mode })).toMatchObject(onceInOrder);
  });

  test.each(modes)('a leader moves before its answer and its successor has answered already (%s)', async (mode) => {
    expect(await leaderMovesBeforeItsAnswer(productProducer, { mode })).toMatchObject(onceInOrder);
  });
});

const produces = (cluster: ScriptedKafka): ReceivedRequest[] => cluster.requests.filter(({ api }) => api === 'Produce');
/** Of each try for this partition. */
const sequencesSent = (cluster: ScriptedKafka, partition = 0): number[] =>
  produces(cluster).flatMap(({ partitions }) =>
    partitions.filter((one) => one.partition === partition).map(({ batch }) => batch?.baseSequence ?? -1),
  );
const sequencesLogged = (cluster: ScriptedKafka, partition = 0): number[] =>
  cluster.log(topic, partition).map(({ baseSequence }) => baseSequence);

describe.each(modes)('a batch (%s)', (mode: SendMode) => {
  let cluster: ScriptedKafka;
  let writer: Writer;

  beforeEach(async () => {
    cluster = await startCluster();
    writer = await openWriter(cluster, mode);
  });
  afterEach(async () => {
    await writer.close();
    await cluster.stop();
  });

  const committed = (partition = 0): unknown => cluster.committed(topic, partition);

  test.each<readonly [string, Action]>([
    ['the connection was closed before it was written', dropConnectionBeforeApply],
    ['the connection was closed after it was written', applyThenDropConnection],
    ['its followers were too few', respondWith(kafkaError.notEnoughReplicas)],
    ['it was written, but its followers were too few', applyThenRespondWith(kafkaError.notEnoughReplicasAfterAppend)],
    ['it was written, but its followers were too slow', applyThenRespondWith(kafkaError.requestTimedOut)],
    ['the broker is still busy with the transaction before', respondWith(kafkaError.concurrentTransactions)],
  ])('is sent again with the same sequence number and written once: %s', async (_, action) => {
    await writer.write(['a'], ['b']);
    const rule = cluster.onRequest({ api: 'Produce' }, action);
    await writer.write(['c'], ['d'], ['x', 1]);
    await writer.write(['e']);
    expect(rule.applied).toBe(1);
    expect([committed(), committed(1)]).toEqual([['a', 'b', 'c', 'd', 'e'], ['x']]);
    expect(sequencesLogged(cluster)).toEqual([0, 2, 4]);
    expect(new Set(sequencesSent(cluster))).toEqual(new Set([0, 2, 4]));
  });

  test('is sent again as it was until its answer comes, however often that is lost', async () => {
    cluster.onRequest({ api: 'Produce', times: 4 }, applyThenDropConnection);
    await writer.write(['a'], ['b']);
    await writer.write(['c']);
    expect(committed()).toEqual(['a', 'b', 'c']);
    expect(sequencesSent(cluster)).toEqual([0, 0, 0, 0, 0, 2]);
  });

  test('that was acknowledged is not sent again when another one of the same request was not', async () => {
    cluster.moveLeader(topic, 1, 1);
    cluster.onRequest({ api: 'Produce' }, respondWith(kafkaError.notEnoughReplicas, [{ topic, partition: 1 }]));
    await writer.write(['a'], ['x', 1]);
    expect([committed(), committed(1)]).toEqual([['a'], ['x']]);
    expect([sequencesSent(cluster, 0), sequencesSent(cluster, 1)]).toEqual([[0], [0, 0]]);
  });

  test('that the answer leaves out is sent again', async () => {
    cluster.moveLeader(topic, 1, 1);
    cluster.onRequest({ api: 'Produce' }, (exchange) => {
      const answer = exchange.apply(({ partition }) => partition === 0);
      exchange.reply(answer);
    });
    await writer.write(['a'], ['x', 1]);
    expect([committed(), committed(1)]).toEqual([['a'], ['x']]);
  });

  test('waits for a leader while its partition has none', async () => {
    await writer.write(['a']);
    cluster.moveLeader(topic, 0, null);
    const written = writer.write(['b'], ['x', 1]);
    // Told so twice: by the old leader that it is none, by the metadata that there is nobody.
    await cluster.until(() => looks() > 1 && produces(cluster).some(({ errors }) => errors.includes(kafkaError.notLeaderOrFollower)));
    expect([committed(), produces(cluster).filter(({ broker }) => broker === 3)]).toEqual([['a'], []]);
    cluster.moveLeader(topic, 0, 3);
    await written;
    expect([committed(), committed(1)]).toEqual([['a', 'b'], ['x']]);
    expect(sequencesSent(cluster, 1)).toEqual([0]);
  });

  test('is sent to a broker that died and came back, once', async () => {
    await writer.write(['a']);
    cluster.onRequest({ api: 'Produce', broker: 1 }, async (exchange) => {
      exchange.apply();
      await cluster.stopBroker(1, { successor: null });
    });
    const written = writer.write(['b']);
    await cluster.until(() => cluster.log(topic, 0).length === 2);
    await cluster.startBroker(1);
    cluster.moveLeader(topic, 0, 1);
    await written;
    expect(committed()).toEqual(['a', 'b']);
  });

  /** A question to the silent broker would wait behind the batch. */
  const expectOthersWereAsked = (silent: number): void => {
    const [batch] = produces(cluster).filter(({ broker, fate }) => broker === silent && fate !== 'answered');
    const questions = cluster.requests.slice(batch?.order).filter(({ api, broker }) => api === 'Metadata' && broker === silent);
    expect(questions).toEqual([]);
  };

  const looks = (): number => cluster.requests.filter((request) => request.api === 'Metadata' && request.concerns(topic)).length;

  describe.each([
    ['written', applyThenNeverAnswer],
    ['not written', neverAnswer],
  ] as const)('that a leader has %s and never answers', (__, silent) => {
    test('is sent to the next leader when one is elected, though the silent one is still listed', async () => {
      await writer.write(['a']);
      cluster.onRequest({ api: 'Produce', broker: 1 }, silent);
      const written = writer.write(['b'], ['x', 1]);
      await cluster.until(() => produces(cluster).filter(({ broker }) => broker === 1).length === 2);
      cluster.moveLeader(topic, 0, 2);
      await written;
      expectOthersWereAsked(1);
      await writer.write(['c']);
      expect([committed(), committed(1)]).toEqual([['a', 'b', 'c'], ['x']]);
      expect(sequencesLogged(cluster)).toEqual([0, 1, 2]);
      // Closing would wait a second for the answer that never comes.
      await cluster.stopBroker(1);
    });
  });

  test('that a frozen leader has read is written once by its successor; the late answer of the thawed one changes nothing', async () => {
    await writer.write(['a']);
    cluster.freezeBroker(1);
    const written = writer.write(['b'], ['x', 1]);
    await cluster.until(() => produces(cluster).filter(({ broker }) => broker === 1).length === 2);
    cluster.fenceBroker(1, { successor: 2 });
    await written;
    expectOthersWereAsked(1);
    cluster.thawBroker(1);
    await cluster.until(() => produces(cluster).every(({ fate }) => fate !== 'waiting'));
    await writer.write(['c']);
    expect([committed(), committed(1)]).toEqual([['a', 'b', 'c'], ['x']]);
    expect(sequencesLogged(cluster)).toEqual([0, 1, 2]);
  });

  test('that a frozen leader has read is written once when it thaws and leads again before it was sent to anybody else', async () => {
    await writer.write(['a']);
    cluster.freezeBroker(1);
    const written = writer.write(['b']);
    await cluster.until(() => produces(cluster).length === 2);
    cluster.moveLeader(topic, 0, 2);
    cluster.moveLeader(topic, 0, 1);
    cluster.thawBroker(1);
    await written;
    expect([committed(), sequencesLogged(cluster)]).toEqual([
      ['a', 'b'],
      [0, 1],
    ]);
  });

  test('is written before the next one is sent, though its answer was lost and its leader has changed', async () => {
    cluster.onRequest({ api: 'Produce' }, (exchange) => {
      exchange.apply();
      cluster.moveLeader(topic, 0, 3);
      exchange.drop();
    });
    await writer.write(['a']);
    await writer.write(['b']);
    expect([committed(), sequencesSent(cluster)]).toEqual([
      ['a', 'b'],
      [0, 0, 1],
    ]);
  });

  test('out of its sequence rejects, and its producer writes nothing more', async () => {
    await writer.write(['a']);
    const before = produces(cluster).length;
    cluster.onRequest({ api: 'Produce' }, respondWith(kafkaError.outOfOrderSequenceNumber));
    const failure: unknown = await writer.write(['b']).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'KafkaRefusal', code: kafkaError.outOfOrderSequenceNumber });
    await expect(writer.write(['c'])).rejects.toBe(failure);
    expect([produces(cluster).length, committed()]).toEqual([before + 1, ['a']]);
  });
});
