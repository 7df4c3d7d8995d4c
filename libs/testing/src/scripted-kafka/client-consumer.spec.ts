import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type logCreator, logLevel } from 'kafkajs';
import { Reader, topic } from './client-reader.ts';
import { kafkaError } from './error-codes.ts';
import { dropConnectionBeforeApply, holdAnswer, respondWith } from './faults.ts';
import { ScriptedKafka } from './scripted-kafka.ts';

// Pins the patch of the client: consumer/index.js, consumer/runner.js and consumer/offsetManager. Partition n is led by
// broker n + 1; broker 2 coordinates the group.

let cluster: ScriptedKafka;
let reader: Reader;

beforeEach(async () => {
  cluster = await ScriptedKafka.start({ topics: { [topic]: 3 } });
  reader = new Reader(cluster);
});

afterEach(async () => {
  await cluster.stop();
  await reader.consumer.disconnect();
});

/** Resolves one turn after the next event, when the client has done what follows it at once. */
const next = async (event: 'consumer.crash' | 'consumer.disconnect'): Promise<void> => {
  await new Promise((resolve) => reader.consumer.on(event, resolve));
  await new Promise(setImmediate);
};
const restarts = (): string[] => reader.errorLog.filter((line) => line.startsWith('Restarting the consumer'));

describe('a position that does not exist', () => {
  const nowhere = 10;
  const seekNowhere = async (options: { autoCommit: boolean; fromBeginning: boolean }): Promise<void> => {
    cluster.append(topic, 0, 'a', 'b', 'c');
    reader = new Reader(cluster, options);
    await reader.start();
    await reader.fetchesOn([1, 2, 3], 1);
    reader.consumer.seek({ topic, partition: 0, offset: String(nowhere) });
    await cluster.until(() => reader.requests('Fetch', 1).some(({ errors }) => errors.includes(kafkaError.offsetOutOfRange)));
  };
  const positions = (): (number | undefined)[] =>
    reader.requests('Fetch', 1).flatMap(({ partitions }) => partitions.map(({ offset }) => offset));

  test.each([
    ['end', false, 3],
    ['beginning', true, 0],
  ])('is replaced by the %s of the log, and nothing is committed, when autoCommit is off', async (_, fromBeginning, first) => {
    await seekNowhere({ autoCommit: false, fromBeginning });
    await cluster.until(() => positions().at(-1) !== nowhere);
    expect(positions().at(-1)).toBe(first);
    expect([reader.count('OffsetCommit'), reader.crashes]).toEqual([0, []]);
  });

  test('is replaced by a commit of the default when autoCommit is on', async () => {
    await seekNowhere({ autoCommit: true, fromBeginning: false });
    await cluster.until(() => positions().at(-1) !== nowhere);
    const committed = reader.requests('OffsetCommit').map(({ partitions }) => partitions[0]?.offset);
    expect(committed).toEqual([nowhere, -1]);
  });
});

test('a fetch without any record reports its partitions as read to the end, a fetch with a record reports none', async () => {
  cluster.append(topic, 1, 'a');
  cluster.moveLeader(topic, 2, 2);
  const fetches: { nodeId: number; standing: object[] }[] = [];
  reader.consumer.on('consumer.fetch', ({ payload }) => void fetches.push(payload as unknown as { nodeId: number; standing: object[] }));
  await reader.start();
  await reader.fetchesOn([1, 2], 3);
  const of = (broker: number): object[][] => fetches.filter(({ nodeId }) => Number(nodeId) === broker).map(({ standing }) => standing);
  expect(of(2)[0]).toEqual([]);
  expect(new Set(of(2)[1])).toEqual(
    new Set([
      { topic, partition: 1 },
      { topic, partition: 2 },
    ]),
  );
  expect(of(1)[0]).toEqual([{ topic, partition: 0 }]);
  expect(of(3).every((standing) => standing.length === 0)).toBe(true);
});

test('a join that failed after the member id was dropped is repeated', async () => {
  await reader.start();
  cluster.onRequest({ api: 'Heartbeat' }, respondWith(kafkaError.unknownMemberId));
  cluster.onRequest({ api: 'JoinGroup' }, respondWith(kafkaError.requestTimedOut));
  await cluster.until(() => reader.joins.length === 2);
  const from = cluster.requests.length;
  await cluster.until(() => reader.requests('Heartbeat').some(({ order, fate }) => order >= from && fate === 'answered'));
  expect([reader.joins, reader.crashes]).toEqual([['member 1', 'member 2'], []]);
});

describe('a crash', () => {
  const crash = async (): Promise<void> => {
    const crashed = next('consumer.crash');
    const failing = cluster.onRequest({ api: 'Heartbeat', times: Infinity }, respondWith(kafkaError.requestTimedOut));
    await crashed;
    failing.cancel();
  };

  test('is followed by a restart', async () => {
    await reader.start();
    await crash();
    await cluster.until(() => reader.joins.length === 2);
    expect(reader.crashes.map(({ restart }) => restart)).toEqual([true]);
  });

  test('is followed by a restart when the consumer was disconnected and connected again before', async () => {
    await reader.start();
    await reader.consumer.disconnect();
    await reader.consumer.connect();
    await reader.run();
    await crash();
    await cluster.until(() => reader.joins.length === 3);
  });

  test('is followed by a restart whatever becomes of another consumer', async () => {
    const other = new Reader(cluster, { consumer: { groupId: 'others' } });
    await Promise.all([reader.start(), other.start()]);
    await other.close();
    await crash();
    await cluster.until(() => reader.joins.length === 2);
  });

  test('is not followed by a restart when the owner has disconnected the consumer meanwhile', async () => {
    const restartOnFailure = async (): Promise<boolean> => {
      await reader.consumer.disconnect();
      return true;
    };
    reader = new Reader(cluster, { consumer: { retry: { initialRetryTime: 5, retries: 2, restartOnFailure } } });
    await reader.start();
    await crash();
    expect(restarts()).toEqual([]);
  });

  test('is reported and followed by a restart even if its disconnect fails', async () => {
    await reader.start();
    const off = reader.consumer.on('consumer.disconnect', () => {
      throw new Error('the listener fails');
    });
    await crash();
    off();
    await cluster.until(() => reader.joins.length === 2);
  });

  test('is followed by a restart when no broker can name the coordinator', async () => {
    await reader.start();
    const crashed = next('consumer.crash');
    const nobody = cluster.onRequest({ api: 'FindCoordinator', times: Infinity }, dropConnectionBeforeApply);
    cluster.onRequest({ api: 'Heartbeat' }, respondWith(kafkaError.rebalanceInProgress));
    await crashed;
    nobody.cancel();
    await cluster.until(() => reader.joins.length === 2);
    expect(reader.crashes.map(({ restart }) => restart)).not.toContain(false);
  });
});

test('a consumer that is disconnected while the brokers change stops', async () => {
  const stopping = Promise.withResolvers<void>();
  const logCreator: logCreator = () => (entry) => {
    if (entry.log.message === 'Stopping fetchers...') stopping.resolve();
  };
  reader = new Reader(cluster, { consumer: { metadataMaxAge: 50 }, client: { logLevel: logLevel.DEBUG, logCreator } });
  await reader.start();
  await reader.fetchesOn([1, 2, 3], 1);
  const held = holdAnswer();
  cluster.onRequest({ api: 'Fetch', broker: 1 }, held);
  await cluster.until(() => held.held.length === 1);
  cluster.fenceBroker(3);
  await stopping.promise;
  const disconnected = reader.consumer.disconnect();
  held.release();
  await disconnected;
});

describe('a consumer that is disconnected while it joins', () => {
  test('leaves the group, fetches nothing and keeps no connection', async () => {
    const closed: Promise<unknown>[] = [];
    const socketFactory = ({ host, port, onConnect }: { host: string; port: number; onConnect: () => void }): Socket => {
      const socket = connect({ host, port }, onConnect);
      closed.push(once(socket, 'close'));
      return socket;
    };
    reader = new Reader(cluster, { client: { socketFactory } });
    const join = holdAnswer();
    cluster.onRequest({ api: 'JoinGroup' }, join);
    const started = reader.start();
    await cluster.until(() => join.held.length === 1);
    const disconnected = reader.consumer.disconnect();
    join.release();
    await Promise.all([started, disconnected]);
    expect([reader.requests('LeaveGroup').map(({ applied }) => applied), reader.count('Fetch')]).toEqual([[true], 0]);
    await Promise.all(closed);
  });

  test('does not crash when the join fails', async () => {
    const [asked, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    cluster.onRequest({ api: 'JoinGroup' }, async (exchange) => {
      asked.resolve();
      await left.promise;
      exchange.reply(exchange.refusal(kafkaError.invalidSessionTimeout));
    });
    const started = reader.start();
    await asked.promise;
    const disconnected = reader.consumer.disconnect();
    left.resolve();
    await Promise.all([started, disconnected]);
    expect(reader.crashes).toEqual([]);
  });
});
