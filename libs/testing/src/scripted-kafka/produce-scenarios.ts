import { kafkaError } from './error-codes.ts';
import { type Exchange } from './exchange.ts';
import { holdAnswer } from './faults.ts';
import { type LoggedBatch } from './partition-log.ts';
import { ScriptedKafka } from './scripted-kafka.ts';

interface Message {
  readonly value: string;
  readonly partition: number;
}

interface Sender {
  send(record: { topic: string; messages: Message[] }): Promise<unknown>;
}

/** What the scenarios use of a producer; the one of kafkajs fits. */
export interface ProducerUnderTest extends Sender {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  transaction(): Promise<Sender & { commit(): Promise<void> }>;
}

/** Makes an idempotent producer for these brokers, with this transactional id or, without one, for plain sends only. */
export type ProducerFactory = (brokers: string[], transactionalId: string | undefined) => ProducerUnderTest;

/** How the values are sent: in a transaction that is committed, or by an idempotent producer without one. */
export type SendMode = 'transaction' | 'plain';

export interface ScenarioOptions {
  readonly mode?: SendMode;
  /**
   * When the held answer may go at the latest. A producer that tries again while an answer is under way is noticed by
   * the scenario; one that waits for all answers first can only be known by its author.
   */
  readonly releaseWhen?: (cluster: ScriptedKafka) => Promise<unknown>;
}

export interface ScenarioOutcome {
  /** What a read_committed consumer sees, by partition. */
  readonly committed: readonly (readonly (string | null)[])[];
  readonly logs: readonly (readonly LoggedBatch[])[];
  /** What `send` or `commit` rejected with. */
  readonly failure: unknown;
  /** Whether the script was played to its end; otherwise the outcome proves nothing. */
  readonly reached: boolean;
  readonly transcript: string;
}

export const scenarioTopic = 'facts';

/** What every scenario sends in one call: two values to each partition, partition n on broker n + 1. */
export const scenarioValues: readonly (readonly string[])[] = [
  ['a1', 'a2'],
  ['b1', 'b2'],
  ['c1', 'c2'],
];

const transactionalId = 'scenario';
/** It leads no partition: what it answers delays no produce request. */
const coordinator = 4;

type Script = (cluster: ScriptedKafka) => Promise<void>;

async function sendAll(producer: ProducerUnderTest, mode: SendMode): Promise<void> {
  const messages = scenarioValues.flatMap((values, partition) => values.map((value) => ({ value, partition })));
  if (mode === 'plain') return void (await producer.send({ topic: scenarioTopic, messages }));
  const transaction = await producer.transaction();
  await transaction.send({ topic: scenarioTopic, messages });
  await transaction.commit();
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

async function play(factory: ProducerFactory, mode: SendMode, script: Script): Promise<ScenarioOutcome> {
  const cluster = await ScriptedKafka.start({ brokers: 4, topics: { [scenarioTopic]: [1, 2, 3] } });
  cluster.moveCoordinator(transactionalId, coordinator);
  const producer = factory(cluster.brokers, mode === 'transaction' ? transactionalId : undefined);
  try {
    await producer.connect();
    let reached = false;
    const scripted = script(cluster).then(() => {
      reached = true;
    });
    // The sending decides when it is over: a script that waits for what never comes must not hang the spec.
    const failure = await Promise.race([failureOf(sendAll(producer, mode)), scripted.then(() => new Promise<never>(() => undefined))]);
    const partitions = scenarioValues.map((_, partition) => partition);
    return {
      committed: partitions.map((partition) => cluster.committed(scenarioTopic, partition)),
      logs: partitions.map((partition) => cluster.log(scenarioTopic, partition)),
      failure,
      reached,
      transcript: cluster.transcript(),
    };
  } finally {
    await producer.disconnect();
    await cluster.stop();
  }
}

const producesAt = (cluster: ScriptedKafka, broker: number) =>
  cluster.requests.filter((request) => request.api === 'Produce' && request.broker === broker);

const answered = (cluster: ScriptedKafka, ...brokers: number[]): boolean =>
  brokers.every((broker) => producesAt(cluster, broker).some(({ fate }) => fate === 'answered'));

/**
 * The coordinator is still busy with the end of the transaction before. It refuses partition 2 once, while the answer of
 * broker 2 for partition 1 is under way; that comes when the producer has tried again as far as broker 3. A producer that
 * adds all partitions in one request has produced nothing by then, and nothing is under way.
 */
export const refusedByCoordinatorWhileAnswerUnderWay = (factory: ProducerFactory): Promise<ScenarioOutcome> =>
  play(factory, 'transaction', async (cluster) => {
    const answer = holdAnswer();
    cluster.onRequest({ api: 'Produce', broker: 2 }, answer);
    cluster.onRequest({ api: 'AddPartitionsToTxn', topic: scenarioTopic, partition: 2 }, async (exchange) => {
      const addsAll = exchange.request.concerns(scenarioTopic, 1);
      await cluster.until(() => addsAll || answer.held.length > 0);
      exchange.reply(exchange.refusal(kafkaError.concurrentTransactions));
    });
    await cluster.until(() => producesAt(cluster, 3).length > 0 && answer.held.length > 0);
    answer.release();
  });

/** Broker 1 refuses its batch for want of replicas while the answer of broker 2 is under way. */
export const refusedByLeaderWhileAnswerUnderWay = (factory: ProducerFactory, options: ScenarioOptions = {}): Promise<ScenarioOutcome> =>
  play(factory, options.mode ?? 'transaction', async (cluster) => {
    const answer = holdAnswer();
    cluster.onRequest({ api: 'Produce', broker: 2 }, answer);
    cluster.onRequest({ api: 'Produce', broker: 1 }, async (exchange) => {
      await cluster.until(() => answer.held.length > 0);
      exchange.reply(exchange.refusal(kafkaError.notEnoughReplicas));
    });
    const triedAgain = cluster.until(() => producesAt(cluster, 1).length > 1);
    await Promise.race([triedAgain, ...(options.releaseWhen === undefined ? [] : [options.releaseWhen(cluster)])]);
    answer.release();
    await triedAgain;
  });

/** Holds the batch of broker 3 back, unapplied, until brokers 1 and 2 have answered theirs. */
async function whenOnlyBroker3IsLeft(cluster: ScriptedKafka): Promise<Exchange> {
  const held: Exchange[] = [];
  cluster.onRequest({ api: 'Produce', broker: 3 }, (exchange) => {
    held.push(exchange);
  });
  await cluster.until(() => answered(cluster, 1, 2) && producesAt(cluster, 3).length > 0);
  const [exchange] = held;
  if (exchange === undefined) throw new Error('the batch of broker 3 was not held');
  return exchange;
}

/** Broker 3 stops with the batch unwritten; broker 2, which has answered for its own partition, takes over. */
export const leaderStopsBeforeItsAnswer = (factory: ProducerFactory, { mode = 'transaction' }: ScenarioOptions = {}) =>
  play(factory, mode, async (cluster) => {
    await whenOnlyBroker3IsLeft(cluster);
    await cluster.stopBroker(3, { successor: 2 });
  });

/** Broker 3 is no longer the leader when the batch comes; broker 2, which has answered for its own partition, is. */
export const leaderMovesBeforeItsAnswer = (factory: ProducerFactory, { mode = 'transaction' }: ScenarioOptions = {}) =>
  play(factory, mode, async (cluster) => {
    const exchange = await whenOnlyBroker3IsLeft(cluster);
    cluster.moveLeader(scenarioTopic, 2, 2);
    exchange.reply();
  });
