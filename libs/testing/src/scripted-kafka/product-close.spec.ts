import { type TaskProducer } from '@paceline/adapter-kafka';
import { type ApiName } from './api.ts';
import { kafkaError } from './error-codes.ts';
import { neverAnswer, respondWith } from './faults.ts';
import { type SendMode } from './produce-scenarios.ts';
import { asked, connectTo, failureOf, openWriter, startCluster, topic, transactionalId, type Writer } from './product-client.ts';
import { type ScriptedKafka } from './scripted-kafka.ts';

// What none of these specs may leave behind is a connection: the client would go on as part of a process that has no use for it.

const closed = { name: 'ProducerClosed' };
let cluster: ScriptedKafka;

beforeEach(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster.stop());

const nothingIsLeft = (): Promise<void> => cluster.until(() => cluster.openConnections === 0);
const answered = (api: ApiName, since = 0): number =>
  cluster.requests.slice(since).filter((one) => one.api === api && one.fate === 'answered' && one.errors.length === 0).length;

describe.each(['transaction', 'plain'] as const)('closing a producer (%s)', (mode: SendMode) => {
  let writer: Writer;
  beforeEach(async () => {
    writer = await openWriter(cluster, mode);
  });

  test('that has nothing to do', async () => {
    await writer.write(['a']);
    await writer.close();
    await nothingIsLeft();
    expect(await failureOf(writer.write(['b']))).toMatchObject(closed);
    expect(cluster.openConnections).toBe(0);
  });

  test('ends a send that is refused again and again', async () => {
    cluster.onRequest({ api: 'Produce', times: Infinity }, respondWith(kafkaError.notEnoughReplicas));
    const written = failureOf(writer.write(['a']));
    await cluster.until(() => asked(cluster, 'Produce').length > 2);
    await writer.close();
    expect(await written).toMatchObject(closed);
    const before = asked(cluster, 'Produce').length;
    await nothingIsLeft();
    expect(asked(cluster, 'Produce').length).toBe(before);
  });

  test('ends a send that nobody answers', async () => {
    cluster.onRequest({ api: 'Produce', times: Infinity }, neverAnswer);
    const written = failureOf(writer.write(['a']));
    await cluster.until(() => asked(cluster, 'Produce').length > 0);
    await writer.close();
    expect(await written).toMatchObject(closed);
    await nothingIsLeft();
  });

  test('ends a send that looks for a leader; when one is found, no connection is kept', async () => {
    await writer.write(['a']);
    const rule = cluster.onRequest({ api: 'Metadata', times: Infinity }, respondWith(kafkaError.leaderNotAvailable));
    cluster.onRequest({ api: 'Produce' }, respondWith(kafkaError.notLeaderOrFollower));
    const written = failureOf(writer.write(['b']));
    await cluster.until(() => rule.applied > 2);
    const before = cluster.requests.length;
    const ended = writer.close();
    expect(await written).toMatchObject(closed);
    rule.cancel();
    await ended;
    expect(answered('Metadata', before)).toBeGreaterThan(0);
    await nothingIsLeft();
    expect(cluster.committed(topic, 0)).toEqual(['a']);
  });
});

test('closing a producer ends its search for a coordinator, and no connection is kept', async () => {
  cluster.moveCoordinator(transactionalId, null);
  const producer: TaskProducer = connectTo(cluster.brokers).taskProducer(transactionalId);
  const fenced = failureOf(producer.fence());
  await cluster.until(() => asked(cluster, 'FindCoordinator').filter(({ errors }) => errors.length > 0).length > 6);
  await producer.close();
  expect(await fenced).toMatchObject(closed);
  expect(await failureOf(producer.commit())).toBe(await fenced);
  cluster.moveCoordinator(transactionalId, 4);
  await nothingIsLeft();
  expect(asked(cluster, 'InitProducerId')).toEqual([]);
});
