import { factProducer, type TaskProducer } from '@paceline/adapter-kafka';
import { ChaosScript, oneOf, randomOf } from './chaos-script.ts';
import { kafkaError } from './error-codes.ts';
import { respondWith } from './faults.ts';
import { connectTo, failureOf, group, messagesOf, offsetsOf, type Sent, startCluster, topic, transactionalId } from './product-client.ts';
import { type ScriptedKafka } from './scripted-kafka.ts';

const partitions = [0, 1, 2];
const seeds = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);
const chaos = { topic, partitions: partitions.length, coordinated: [transactionalId, group] };
const transactionsEach = 5;

/** The seed is in the title of the spec; the requests tell the rest. */
const expectSame = (cluster: ScriptedKafka, found: unknown, expected: unknown): void => {
  try {
    expect(found).toEqual(expected);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${cluster.transcript()}`, { cause: error });
  }
};

/** What is sent in one transaction or one plain send, over some of the partitions. */
function someMessages(name: string, random: () => number): Sent[] {
  return Array.from({ length: 1 + Math.floor(random() * 4) }, (_, at) => [`${name}.${at}`, oneOf(partitions, random)] as const);
}

const inPartition = (messages: readonly Sent[], wanted: number): string[] =>
  messages.filter(([, partition]) => partition === wanted).map(([value]) => value);

interface Attempted {
  readonly messages: readonly Sent[];
  readonly offset: number;
  /** `unknown`: commit was called and rejected. */
  readonly end: 'committed' | 'unknown' | 'given up';
}

/** Several transactions of one task; after one that failed a new producer takes over, as a task does. */
async function runTask(cluster: ScriptedKafka, random: () => number, before: (transaction: number) => void): Promise<Attempted[]> {
  const connection = connectTo(cluster.brokers);
  const attempted: Attempted[] = [];
  let producer: TaskProducer | null = null;
  for (let transaction = 1; transaction <= transactionsEach; transaction += 1) {
    if (producer === null) {
      producer = connection.taskProducer(transactionalId);
      await producer.fence();
    }
    const sends = Array.from({ length: 1 + Math.floor(random() * 2) }, (_, at) => someMessages(`${transaction}.${at}`, random));
    before(transaction);
    let end: Attempted['end'] = 'given up';
    try {
      for (const messages of sends) await producer.send(messagesOf(messages));
      await producer.sendOffsets(offsetsOf(transaction));
      end = 'unknown';
      await producer.commit();
      end = 'committed';
    } catch {
      await producer.close();
      producer = null;
    }
    attempted.push({ messages: sends.flat(), offset: transaction, end });
  }
  await producer?.close();
  // What the last one left open is ended.
  const last = connection.taskProducer(transactionalId);
  await last.fence();
  await last.close();
  return attempted;
}

/** Committed, or with an unknown end and visible in part: then it must be visible as a whole. */
function mustBeVisible(cluster: ScriptedKafka, { messages, end }: Attempted): boolean {
  return (
    end === 'committed' ||
    (end === 'unknown' && messages.some(([value, partition = 0]) => cluster.committed(topic, partition).includes(value)))
  );
}

function expectWhatWasCommitted(cluster: ScriptedKafka, attempted: readonly Attempted[]): void {
  const visible = attempted.filter((one) => mustBeVisible(cluster, one));
  const messages = visible.flatMap((one) => one.messages);
  const offset = visible.at(-1)?.offset;
  expectSame(
    cluster,
    { values: partitions.map((one) => cluster.committed(topic, one)), offsets: cluster.committedOffsets(group) },
    { values: partitions.map((one) => inPartition(messages, one)), offsets: offset === undefined ? {} : { 'facts/0': offset } },
  );
}

describe('transactions amid faults', () => {
  test.concurrent.each(seeds(20))('are written once, in order and as a whole, and none fails (seed %d)', async (seed) => {
    const random = randomOf(seed);
    const cluster = await startCluster();
    const script = new ChaosScript(cluster, { ...chaos, faults: 25, freezes: seed % 6 === 0 ? 1 : 0 }, random);
    const attempted = await runTask(cluster, random, () => undefined);
    await script.end();
    expectSame(
      cluster,
      attempted.map(({ end }) => end),
      Array(transactionsEach).fill('committed'),
    );
    expectWhatWasCommitted(cluster, attempted);
    await cluster.stop();
  });

  test.concurrent.each(seeds(20))('that fail for good are visible as a whole or not at all (seed %d)', async (seed) => {
    const random = randomOf(1_000 + seed);
    const cluster = await startCluster();
    const script = new ChaosScript(cluster, { ...chaos, faults: 15, freezes: 0 }, random);
    const abort = (): void => {
      if (cluster.transactionState(transactionalId) === 'ongoing') cluster.abortByTimeout(transactionalId);
    };
    const attempted = await runTask(cluster, random, () => {
      const api = oneOf(['Produce', 'AddPartitionsToTxn', 'TxnOffsetCommit', 'EndTxn'] as const, random);
      const code = oneOf([kafkaError.outOfOrderSequenceNumber, kafkaError.invalidTxnState, kafkaError.unknownProducerId], random);
      const ends = oneOf(['refused', 'aborted', 'aborted unseen', 'done but refused', 'not at all'], random);
      if (ends === 'not at all') return;
      cluster.onRequest({ api }, (exchange) => {
        if (ends === 'refused') return respondWith(code)(exchange);
        if (ends !== 'done but refused') abort();
        else exchange.apply();
        if (ends === 'aborted') return exchange.reply();
        return ends === 'aborted unseen' ? exchange.drop() : exchange.reply(exchange.refusal(code));
      });
    });
    await script.end();
    expectWhatWasCommitted(cluster, attempted);
    await cluster.stop();
  });
});

describe('plain sends amid faults', () => {
  test.concurrent.each(seeds(20))('are written once and in order (seed %d)', async (seed) => {
    const random = randomOf(2_000 + seed);
    const cluster = await startCluster();
    const script = new ChaosScript(cluster, { ...chaos, faults: 15, freezes: seed % 6 === 0 ? 1 : 0 }, random);
    const producer = factProducer(connectTo(cluster.brokers));
    await producer.connect();
    const sent: Sent[] = [];
    for (let send = 1; send <= 8; send += 1) {
      const messages = someMessages(`${send}`, random);
      sent.push(...messages);
      expectSame(cluster, await failureOf(producer.send(messagesOf(messages))), undefined);
    }
    await producer.close();
    await script.end();
    expectSame(
      cluster,
      partitions.map((one) => cluster.committed(topic, one)),
      partitions.map((one) => inPartition(sent, one)),
    );
    await cluster.stop();
  });
});
