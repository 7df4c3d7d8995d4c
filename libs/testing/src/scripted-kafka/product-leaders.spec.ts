import { LogOffsets } from '@paceline/adapter-kafka';
import { type TopicName } from '@paceline/contracts';
import { connectTo, startCluster } from './product-client.ts';
import { ScriptedKafka } from './scripted-kafka.ts';

const topic = 'facts' as TopicName;
/** Led by broker 1. */
const at = { topic, partition: 0 };

let cluster: ScriptedKafka;
let offsets: LogOffsets;

beforeEach(async () => {
  cluster = await startCluster();
  // Of three brokers all are asked.
  await cluster.stopBroker(4);
  offsets = new LogOffsets(connectTo(cluster.brokers).kafka);
  await offsets.connect();
  await offsets.partitionsOf([topic]);
});
afterEach(async () => {
  await offsets.close();
  await cluster.stop();
});

const leaderOf0 = async (): Promise<number | undefined> => (await offsets.leaders([at])).get('facts/0')?.leader;

/** What a broker says of partition 0 instead of what is true; null = what is true, but nothing of the partition. */
type Word = Partial<{ leader: number; epoch: number }> | null;
const brokersSay = (word: (broker: number) => Word): void => {
  cluster.onRequest({ api: 'Metadata', times: Infinity }, (exchange) => {
    const answer = exchange.apply();
    const said = word(exchange.request.broker);
    const topics = answer.metadata.topics.map((one) => ({
      ...one,
      partitions: one.partitions.flatMap((each) => (each.partition > 0 ? [each] : said === null ? [] : [{ ...each, ...said }])),
    }));
    exchange.reply({ ...answer, metadata: { ...answer.metadata, topics } });
  });
};

describe('the leader of a partition', () => {
  test('is not known by the word of that leader alone', async () => {
    brokersSay((broker) => (broker === 1 ? {} : null));
    expect(await leaderOf0()).toBeUndefined();
  });

  test('is who won the latest election that another broker knows of, whatever older ones say', async () => {
    // Broker 3 was cut off when 2 led; since then 1 was elected.
    brokersSay((broker) => (broker === 3 ? { leader: 2, epoch: 4 } : { leader: 1, epoch: 5 }));
    expect(await leaderOf0()).toBe(1);
  });

  test('is not known while only that one knows of its election', async () => {
    brokersSay((broker) => (broker === 1 ? { leader: 1, epoch: 5 } : { leader: 2, epoch: 4 }));
    expect(await leaderOf0()).toBeUndefined();
  });
});

test('of five brokers all are asked: of some, none may know of the latest election', async () => {
  const five = await ScriptedKafka.start({ brokers: 5, topics: { facts: [1] } });
  const client = new LogOffsets(connectTo(five.brokers).kafka);
  await client.connect();
  await client.partitionsOf([topic]);
  five.moveLeader(topic, 0, 2);
  for (const broker of [1, 4, 5]) {
    five.onRequest({ api: 'Metadata', broker, times: Infinity }, (exchange) => {
      const answer = exchange.apply();
      const topics = answer.metadata.topics.map((one) => ({
        ...one,
        partitions: one.partitions.map((each) => ({ ...each, leader: 1, epoch: 0 })),
      }));
      exchange.reply({ ...answer, metadata: { ...answer.metadata, topics } });
    });
  }
  const named = await Promise.all(Array.from({ length: 20 }, () => client.leaders([at])));
  expect(new Set(named.map((leaders) => leaders.get('facts/0')?.leader))).toEqual(new Set([2]));
  await client.close();
  await five.stop();
});
