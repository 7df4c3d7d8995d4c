// Shortening a log on real Kafka: what stands below is gone, what stands above is untouched.
import { randomUUID } from 'node:crypto';
import { connectKafka, KafkaLogTrim } from '@paceline/adapter-kafka';
import { eventually, kafkaBrokers, QuietLogger } from '@paceline/testing';

const topic = `spec.trim.${randomUUID().slice(0, 8)}`;
const group = `spec-trim-${randomUUID().slice(0, 8)}`;
const connection = connectKafka({ brokers: [...kafkaBrokers()], clientId: 'spec-trim' }, new QuietLogger());
const admin = connection.kafka.admin();
const producer = connection.kafka.producer();
const trim = new KafkaLogTrim({ kafka: connection, topic, groups: [group] });

const commit = (offset: number): Promise<void> =>
  admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: String(offset) }] });
const low = async (): Promise<number> => (await trim.standing(0, Date.now() + 60_000)).low;

beforeAll(async () => {
  await Promise.all([admin.connect(), producer.connect(), trim.start()]);
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
  const stamped = Array.from({ length: 10 }, (_, at) => ({ value: `r${at}`, timestamp: String(Date.now() - (10 - at) * 1_000_000) }));
  await producer.send({ topic, messages: stamped });
});
afterAll(async () => {
  await admin.deleteTopics({ topics: [topic] });
  await Promise.all([admin.disconnect(), producer.disconnect(), trim.stop()]);
});

it('tells nothing that can be deleted as long as a group has committed nothing', async () => {
  // Nobody coordinates a group that was never heard of for a moment.
  await eventually(
    'the group has a coordinator',
    () =>
      trim.standing(0, Date.now()).then(
        () => true,
        () => false,
      ),
    30_000,
  );
  expect(await trim.standing(0, Date.now())).toEqual({ low: 0, committed: null, firstSince: 10 });
});

it("tells the groups' position and the first record of an instant", async () => {
  await commit(7);
  expect(await trim.standing(0, Date.now() - 4_500_000)).toEqual({ low: 0, committed: 7, firstSince: 6 });
});

it('deletes what stands below, and nothing else', async () => {
  await trim.deleteBelow(0, 4);
  expect(await low()).toBe(4);
  await trim.deleteBelow(0, 4);
  expect(await low()).toBe(4);
});

it('never takes "all of it" for an offset', async () => {
  await expect(trim.deleteBelow(0, -1)).rejects.toThrow('no offset');
  expect(await low()).toBe(4);
});
