// Pins the patch of the client: the parts of it that need no cluster. The others are in libs/testing/src/scripted-kafka.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { jest } from '@jest/globals';

const require = createRequire(import.meta.url);
const part = <T>(path: string): T => require(`kafkajs/src/${path}`) as T;

interface Encoded {
  readonly buffer: Buffer;
}

interface Encoder extends Encoded {
  writeVarInt(value: number): this;
  writeUVarInt(value: number): this;
  writeVarLong(value: number | string): this;
  writeBytes(value: Buffer): this;
}

interface EncoderClass {
  new (initialSize?: number): Encoder;
  sizeOfVarLong(value: number | string): number;
}

type EncodeRecord = (record: object) => Encoded;
type RecordBatches = { RecordBatch(batch: object): Promise<Encoded> };

const paths = {
  encoder: 'protocol/encoder.js',
  record: 'protocol/recordBatch/record/v0/index.js',
  batch: 'protocol/recordBatch/v0/index.js',
};

/** What the patch says of each file, by its path in the client. */
const hunksOf = new Map(
  readFileSync(new URL('../../../../patches/kafkajs+2.2.4.patch', import.meta.url), 'utf8')
    .split(/^diff --git a\/node_modules\/kafkajs\/src\//m)
    .slice(1)
    .map((file) => [file.slice(0, file.indexOf(' ')), file.split(/^@@ /m).slice(1)] as const),
);

/** The file as it is published: the patch undone. */
function publishedSource(path: string): string {
  const patched = readFileSync(require.resolve(`kafkajs/src/${path}`), 'utf8').split('\n');
  const published: string[] = [];
  let at = 0;
  for (const hunk of hunksOf.get(path) ?? []) {
    const [head = '', ...lines] = hunk.split('\n');
    const from = Number(/\+(\d+)/.exec(head)?.[1]) - 1;
    published.push(...patched.slice(at, from));
    at = from;
    for (const line of lines.filter((one) => one !== '')) {
      if (!line.startsWith('-') && patched[at++] !== line.slice(1)) throw new Error(`${path} is not patched as it should be: ${line}`);
      if (!line.startsWith('+')) published.push(line.slice(1));
    }
  }
  return [...published, ...patched.slice(at)].join('\n');
}

const loaded = new Map<string, { exports: unknown }>();

/** A module of the client as it is published, with what it requires. */
function published<T>(path: string): T {
  const known = loaded.get(path);
  if (known !== undefined) return known.exports as T;
  const module = { exports: {} as unknown };
  loaded.set(path, module);
  const load = compileFunction(publishedSource(path), ['require', 'module']) as (require: (id: string) => unknown, module: object) => void;
  const root = dirname(require.resolve('kafkajs/package.json'));
  load((id) => {
    if (!id.startsWith('.')) return require(id) as unknown;
    const file = require.resolve(join(root, 'src', dirname(path), id));
    return file.endsWith('.json') ? (require(file) as unknown) : published(file.slice(join(root, 'src/').length));
  }, module);
  return module.exports as T;
}

/** Numbers below the limit, the same in each run. */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

describe('what is written to Kafka is byte for byte what the client as published writes', () => {
  const ours = {
    Encoder: part<EncoderClass>(paths.encoder),
    record: part<EncodeRecord>(paths.record),
    batch: part<RecordBatches>(paths.batch),
  };
  let theirs: typeof ours;

  beforeAll(() => {
    theirs = { Encoder: published(paths.encoder), record: published(paths.record), batch: published(paths.batch) };
  });

  const edges = [0, 63, 64, 127, 128, 8_191, 8_192, 2 ** 21, 2 ** 28, 2 ** 30 - 1, 2 ** 30, 2 ** 31 - 1];
  const signed = [...edges, ...edges.map((value) => -value - 1)];
  const wide = [...signed, 2 ** 31, 2 ** 40, 2 ** 53 - 1, -(2 ** 53 - 1), '9007199254740993', '-9223372036854775808'];

  test.each(wide)('the number %s', (value) => {
    const both = [ours, theirs].map(({ Encoder }) => new Encoder(1).writeVarLong(value).buffer.toString('hex'));
    expect(both[0]).toBe(both[1]);
    expect(ours.Encoder.sizeOfVarLong(value)).toBe(theirs.Encoder.sizeOfVarLong(value));
  });

  test.each(signed)('the short number %s', (value) => {
    const both = [ours, theirs].map(({ Encoder }) =>
      new Encoder(1)
        .writeVarInt(value)
        .writeUVarInt(value >>> 0)
        .buffer.toString('hex'),
    );
    expect(both[0]).toBe(both[1]);
  });

  test('batches of records, whatever they hold', async () => {
    const random = seeded(7);
    const text = (max: number): string => 'aß€😀-0'.repeat(1 + Math.floor(max / 6)).slice(0, random(max));
    const bytes = (max: number): Buffer => Buffer.from(Array.from({ length: random(max) }, () => random(256)));
    const nullable = (max: number): Buffer | string | null => [null, bytes(max), text(max)][random(3)] ?? null;
    const headers = (): object =>
      Object.fromEntries(
        Array.from({ length: random(4) }, (_, at) => [`${at}${text(9)}`, random(3) === 0 ? [text(20), bytes(5)] : bytes(200)]),
      );
    for (let count = 0; count < 150; count++) {
      const records = Array.from({ length: 1 + random(20) }, (_, offsetDelta) => ({
        offsetDelta,
        timestampDelta: random(3) * random(2 ** 31) * random(900),
        key: nullable(40),
        value: nullable(random(9) === 0 ? 5_000 : 600),
        headers: headers(),
      }));
      const head = { firstTimestamp: 1_790_000_000_000, maxTimestamp: 1_790_000_000_000 + random(1_000), producerId: random(2 ** 31) };
      const encode = ({ record, batch }: typeof ours): Promise<Encoded> => batch.RecordBatch({ ...head, records: records.map(record) });
      const [mine, his] = await Promise.all([encode(ours), encode(theirs)]);
      if (!mine.buffer.equals(his.buffer)) throw new Error(`batch ${count} differs: ${mine.buffer.toString('hex')}`);
    }
  });
});

describe('what a record costs', () => {
  const record = {
    offsetDelta: 3,
    timestampDelta: 70_000,
    key: Buffer.from('k'),
    value: Buffer.alloc(900),
    headers: { h: Buffer.from('x') },
  };

  afterEach(() => jest.restoreAllMocks());

  test('is one buffer that is not zeroed, headers included', () => {
    const encode = part<EncodeRecord>(paths.record);
    const made = (['alloc', 'from', 'allocUnsafe'] as const).map((way) => jest.spyOn(Buffer, way));
    encode(record);
    expect(made.map((way) => way.mock.calls.length)).toEqual([0, 0, 1]);
  });

  test('is no 64-bit arithmetic for small numbers', () => {
    const encode = part<EncodeRecord>(paths.record);
    const wide = jest.spyOn(part<{ fromValue(value: unknown): object }>('utils/long.js'), 'fromValue');
    encode(record);
    expect(wide).not.toHaveBeenCalled();
  });

  test('is no zeroed buffer when a buffer grows', () => {
    const filled = jest.spyOn(Buffer, 'alloc');
    const value = Buffer.from('v'.repeat(2_000));
    new (part<EncoderClass>(paths.encoder))(1).writeBytes(value);
    expect(filled).not.toHaveBeenCalled();
  });
});

describe('the time limit of a request', () => {
  type Sent = Readonly<{ request: { apiName: string }; requestTimeout?: number }>;
  type Broker = Record<string, (request: object) => Promise<unknown>> & { connect(): Promise<void> };

  async function limits(ask: (broker: Broker) => Promise<unknown>[]): Promise<Record<string, number | undefined>> {
    const sent: Sent[] = [];
    const connection = { getSupportAuthenticationProtocol: () => true, authenticate: () => Promise.resolve() };
    const connectionPool = {
      host: 'broker',
      port: 1,
      isConnected: () => true,
      getConnection: () => Promise.resolve(connection),
      setVersions: () => undefined,
      send: (request: Sent) => Promise.resolve({ responses: [] }).finally(() => sent.push(request)),
    };
    const logger = { namespace: () => ({ debug: () => undefined }) };
    const versions = Object.fromEntries(Array.from({ length: 20 }, (_, key) => [key, { minVersion: 0, maxVersion: 1 }]));
    const broker = new (part<new (options: object) => Broker>('broker'))({ connectionPool, logger, versions });
    await broker.connect();
    await Promise.all(ask(broker));
    return Object.fromEntries(sent.map(({ request, requestTimeout }) => [request.apiName, requestTimeout]));
  }

  const member = {
    groupId: 'g',
    memberId: 'm',
    groupGenerationId: 1,
    generationId: 1,
    groupAssignment: [],
    groupProtocols: [],
    topics: [],
  };

  test('is short if a broker answers it from memory', async () => {
    const asked = await limits((broker) =>
      ['metadata', 'heartbeat', 'findGroupCoordinator', 'leaveGroup', 'listOffsets'].map((api) =>
        (broker[api] as Broker[string]).call(broker, api === 'metadata' ? [] : member),
      ),
    );
    expect(asked).toEqual({ Metadata: 2_500, Heartbeat: 2_500, GroupCoordinator: 2_500, LeaveGroup: 2_500, ListOffsets: 2_500 });
  });

  test('of a fetch adds the network, that of a join the other members', async () => {
    const asked = await limits((broker) => [
      (broker['fetch'] as Broker[string])({ maxWaitTime: 500, minBytes: 1, topics: [] }),
      (broker['joinGroup'] as Broker[string])({ ...member, sessionTimeout: 6_000, rebalanceTimeout: 15_000 }),
    ]);
    expect(asked).toEqual({ Fetch: 3_500, JoinGroup: 20_000 });
  });
});

describe('of the answers', () => {
  type Parse = (data: object) => Promise<unknown>;

  test('a refused LeaveGroup fails with the error of the group, and leaves no unhandled rejection', async () => {
    const { parse } = part<{ parse: Parse }>('protocol/requests/leaveGroup/v3/response');
    const refused = parse({ errorCode: 16, members: [{ errorCode: 25 }] });
    await expect(refused).rejects.toMatchObject({ type: 'NOT_COORDINATOR_FOR_GROUP' });
    await expect(parse({ errorCode: 0, members: [{ errorCode: 25 }] })).rejects.toMatchObject({ type: 'UNKNOWN_MEMBER_ID' });
  });

  const metadata = (...codes: number[]): object => ({
    topicMetadata: [{ topic: 't', topicErrorCode: 0, partitionMetadata: codes.map((partitionErrorCode) => ({ partitionErrorCode })) }],
  });

  test.each([5, 9, 72])('metadata accepts partition error %d, which says that there is no leader', async (code) => {
    const { parse } = part<{ parse: Parse }>('protocol/requests/metadata/v0/response');
    expect(await parse(metadata(0, code))).toEqual(metadata(0, code));
    await expect(parse(metadata(code, 3))).rejects.toMatchObject({ type: 'UNKNOWN_TOPIC_OR_PARTITION' });
  });
});
