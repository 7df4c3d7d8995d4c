import { Reader, topic } from './client-reader.ts';
import { kafkaError } from './error-codes.ts';
import { type Exchange } from './exchange.ts';
import { ScriptedKafka } from './scripted-kafka.ts';
import { WireWriter } from './wire.ts';

// Pins the patch of the client: fetch/v4/decodeMessages.js, consumer/consumerGroup.js and consumer/runner.js. Partition 0 is
// led by broker 1.

let cluster: ScriptedKafka;
let reader: Reader;

beforeEach(async () => {
  cluster = await ScriptedKafka.start({ topics: { [topic]: [1] } });
  reader = new Reader(cluster, { client: { retry: { retries: 10 } }, consumer: { metadataMaxAge: 100 } });
});
afterEach(async () => {
  await reader.close();
  await cluster.stop();
});

interface Content {
  readonly control?: true;
  readonly offset: number;
  /** Null = the cleaner took every record. */
  readonly value: string | null;
}

/** One batch at its offset, with one record or none. */
function batchOf({ offset, value, control }: Content): Buffer {
  const key = control === true ? new WireWriter().int16(0).int16(1).toBuffer() : Buffer.from('k');
  const record = new WireWriter()
    .int8(0)
    .varint(0)
    .varint(0)
    .nullableVarBytes(key)
    .nullableVarBytes(Buffer.from(value ?? ''))
    .varint(0);
  const head = new WireWriter().int32(0).int8(2).int32(0);
  head
    .int16(control === true ? 0x30 : 0)
    .int32(0)
    .int64(0)
    .int64(0)
    .int64(4711)
    .int16(0)
    .int32(-1);
  if (value === null) head.int32(0);
  else head.int32(1).nullableVarBytes(record.toBuffer());
  return new WireWriter().int64(offset).bytesOf32(head.toBuffer()).toBuffer();
}

function answer(exchange: Exchange, batches: readonly Buffer[]): void {
  const base = exchange.refusal(kafkaError.none);
  const fetched = { highWatermark: 9, lastStableOffset: 9, batches: Buffer.concat(batches) };
  exchange.reply({ ...base, partitions: base.partitions.map((one) => ({ ...one, fetched })) });
}

const fetchedAt = (broker?: number): number[] => reader.requests('Fetch', broker).flatMap(({ partitions }) => partitions[0]?.offset ?? []);

test('a batch of which the log cleaner has taken every record is passed over, and is no sign of the end', async () => {
  cluster.append(topic, 0, 'old', 'pause');
  cluster.onRequest({ api: 'Fetch', times: Infinity, where: ({ partitions }) => partitions[0]?.offset === 0 }, (exchange) =>
    answer(exchange, [batchOf({ offset: 0, value: null })]),
  );
  await reader.start();
  await cluster.until(() => reader.values.length > 0);
  expect([reader.values, [...new Set(fetchedAt())].slice(0, 2)]).toEqual([['pause'], [0, 1]]);
});

test('a late answer of the old leader does not move a position that was moved meanwhile', async () => {
  const values = ['a', 'b', 'c', 'd'];
  const all = values.map((value, offset) => batchOf({ offset, value }));
  const held: Exchange[] = [];
  let isLate = false;
  const wait = async (exchange: Exchange): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    answer(exchange, []);
  };
  // Broker 1 gives all that there is; its answer about what follows is a commit marker, and comes late.
  cluster.onRequest({ api: 'Fetch', broker: 1, times: Infinity }, (exchange) =>
    exchange.request.partitions[0]?.offset === 0 ? answer(exchange, all) : void held.push(exchange),
  );
  // Broker 2 gives one record, and the next ones after that answer.
  cluster.onRequest({ api: 'Fetch', broker: 2, times: Infinity }, (exchange) => {
    const at = exchange.request.partitions[0]?.offset ?? 0;
    return at >= 4 || (at >= 1 && !isLate) ? wait(exchange) : answer(exchange, all.slice(at, at + 1));
  });
  await reader.start();
  await cluster.until(() => held.length > 0);
  cluster.moveLeader(topic, 0, 2);
  reader.consumer.seek({ topic, partition: 0, offset: '0' });
  await cluster.until(() => fetchedAt(2).includes(1));
  for (const exchange of held) answer(exchange, [batchOf({ offset: 4, value: 'marker', control: true })]);
  isLate = true;
  await cluster.until(() => reader.values.length >= 8);
  expect(reader.values).toEqual([...values, ...values]);
});
