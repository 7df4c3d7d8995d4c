// Tables folded from real Kafka: what they hold, and what proves that they hold all of it.
import { randomUUID } from 'node:crypto';
import { KafkaFactWriter, LogOffsets, TableLog } from '@paceline/adapter-kafka';
import type { TopicName } from '@paceline/contracts';
import type { Table } from '@paceline/pipeline';
import { eventually, kafkaBrokers, QuietLogger } from '@paceline/testing';
import { connect, note, warmCodec } from './copying.ts';

const connection = connect(kafkaBrokers());
const admin = connection.kafka.admin();
const producer = connection.kafka.producer();
const run = randomUUID().slice(0, 8);
const topics = [`spec.table-a.${run}`, `spec.table-b.${run}`] as unknown as readonly [TopicName, TopicName];

/** Time stands still for the tables until it is moved; fetches go on. */
let nowMs = 50_000;
const clock = { wallMicros: () => nowMs * 1_000, monotonicMs: () => nowMs };

let asked = 0;
/** Counts how often end offsets are asked for. */
class CountingOffsets extends LogOffsets {
  override stableEnds(...question: Parameters<LogOffsets['stableEnds']>): ReturnType<LogOffsets['stableEnds']> {
    asked += 1;
    return super.stableEnds(...question);
  }
}

let facts: KafkaFactWriter;
let tables: TableLog;
let [first, second]: Table[] = [];

beforeAll(async () => {
  await Promise.all([admin.connect(), producer.connect()]);
  await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 2 })), waitForLeaders: true });
  const codec = await warmCodec();
  facts = new KafkaFactWriter({ kafka: connection, codec, logger: new QuietLogger() });
  await facts.start();
  await facts.write([note(topics[0], 'kept'), note(topics[0], 'gone')]);
  await producer.send({ topic: topics[0], messages: [{ key: 'gone', value: null }] });
  tables = new TableLog({ kafka: connection, offsets: new CountingOffsets(connection.kafka), codec, clock, logger: new QuietLogger() });
  [first, second] = topics.map((topic) => tables.table(topic));
  await tables.start();
});
afterAll(async () => {
  await Promise.all([tables.stop(), facts.stop()]);
  await admin.deleteTopics({ topics: [...topics] });
  await Promise.all([admin.disconnect(), producer.disconnect()]);
});

const freshUntil = (ms: number): Promise<void> => eventually(`fresh until ${ms}`, () => first?.freshUntilMs() === ms, 30_000);

it('hold the newest value of each key, and none of a deleted one', () => {
  expect([...(first?.entries() ?? [])].map(([key]) => key)).toEqual(['kept']);
  expect([...(second?.entries() ?? [])]).toEqual([]);
});

it('stay fresh while nothing is written, without a question', async () => {
  asked = 0;
  for (let step = 0; step < 4; step += 1) {
    nowMs += 300;
    await freshUntil(nowMs + 1_000);
  }
  expect(asked).toBe(0);
  expect([first?.isFresh(), second?.isFresh(), tables.ready()]).toEqual([true, true, true]);
});

it('are not fresh a second after the last proof, and ask then', async () => {
  asked = 0;
  nowMs += 1_000;
  expect([first?.isFresh(), tables.ready()]).toEqual([false, expect.stringContaining('not fresh')]);
  await eventually('a question for the end offsets', () => asked > 0, 30_000);
  await freshUntil(nowMs + 1_000);
});

it('tell their listeners what is written while they run', async () => {
  const told: string[] = [];
  second?.onChange((key) => told.push(key));
  await facts.write([note(topics[1], 'new')]);
  await eventually('the listener is told', () => told.length > 0, 30_000);
  expect([told, [...(second?.entries() ?? [])].map(([key]) => key)]).toEqual([['new'], ['new']]);
});
