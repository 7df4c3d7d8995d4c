import type { ClientBroker, ClientCluster } from '../client-cluster.ts';
import { SequenceNumbers } from './batches.ts';
import type { ProduceAnswer } from './delivery.ts';
import { kafkaErrors } from './error-codes.ts';
import { BatchSender } from './sender.ts';

const identity = { producerId: '1', producerEpoch: 0, transactionalId: null };
const closing = new AbortController();
const patience = { closed: closing.signal, forMs: Infinity };

interface Asked {
  readonly nodeId: number;
  readonly places: readonly string[];
  answer(codes?: Readonly<Record<string, number>>): void;
  fail(): void;
}

interface Fields {
  readonly topicData: readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number }[] }[];
}

/** The client as the sender uses it: who leads what, and requests that are answered by hand. */
class Client implements ClientCluster {
  readonly requests: Asked[] = [];
  refreshed = 0;
  leaders: readonly number[] = [1, 2, 1];

  connect = (): Promise<void> => Promise.resolve();
  disconnect = this.connect;
  addMultipleTargetTopics = this.connect;
  refreshMetadataIfNecessary = this.connect;
  refreshMetadata = (): Promise<void> => {
    this.refreshed += 1;
    return Promise.resolve();
  };
  getNodeIds = (): string[] => ['1', '2'];
  findTopicPartitionMetadata = (): { partitionId: number; leader: number }[] =>
    this.leaders.map((leader, partitionId) => ({ partitionId, leader }));
  findGroupCoordinator = (): Promise<ClientBroker> => Promise.reject(new Error('not of a sender'));

  findBroker = ({ nodeId }: { nodeId: number | string }): Promise<ClientBroker> => {
    const lookupRequest = (() => (fields: Fields) => ({ fields, request: {}, response: {} })) as never;
    const send = ({ fields }: { fields: Fields }): Promise<ProduceAnswer> =>
      new Promise((resolve, reject) => {
        const asked = fields.topicData.flatMap(({ topic, partitions }) => partitions.map(({ partition }) => ({ topic, partition })));
        this.requests.push({
          nodeId: Number(nodeId),
          places: asked.map(({ topic, partition }) => `${topic}/${partition}`),
          fail: () => reject(new Error('closed connection')),
          answer: (codes = {}) =>
            resolve({
              topics: asked.map(({ topic, partition }) => {
                const errorCode = codes[`${topic}/${partition}`] ?? kafkaErrors.none;
                return { topicName: topic, partitions: [{ partition, errorCode }] };
              }),
            }),
        });
      });
    const connectionPool = { send } as never;
    return Promise.resolve({
      nodeId: Number(nodeId),
      lookupRequest,
      connectionPool,
      isConnected: () => true,
      leaveGroup: () => Promise.resolve(),
    });
  };
}

/** All promises that can settle without a timer have settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('one send to several brokers', () => {
  let client: Client;
  let delivered: Promise<void>;

  beforeEach(async () => {
    client = new Client();
    const sender = new BatchSender(client, new SequenceNumbers());
    const messages = [0, 1, 2].map((partition) => ({ partition, value: 'v' }));
    const batches = await sender.prepare([{ topic: 'a', messages }], patience);
    delivered = sender.deliver(batches, identity, patience);
    await settled();
  });

  const requests = (): unknown[] => client.requests.map(({ nodeId, places }) => [nodeId, places]);
  const until = async (count: number): Promise<void> => {
    while (client.requests.length < count) await settled();
  };
  const first = [
    [1, ['a/0', 'a/2']],
    [2, ['a/1']],
  ];

  it('is one request for each, with all that it leads', async () => {
    expect(requests()).toEqual(first);
    for (const request of client.requests) request.answer();
    await delivered;
    expect([requests(), client.refreshed]).toEqual([first, 0]);
  });

  it.each([
    ['refuses', (request: Asked | undefined) => request?.answer({ 'a/0': kafkaErrors.notEnoughReplicas })],
    ['fails', (request: Asked | undefined) => request?.fail()],
  ])('begins no other try while an answer is under way, though one broker %s', async (_, end) => {
    end(client.requests[0]);
    await settled();
    expect([requests(), client.refreshed]).toEqual([first, 0]);
    client.requests[1]?.answer();
    await until(3);
    expect(client.requests[2]?.places).toContain('a/0');
    expect(client.requests[2]?.places).not.toContain('a/1');
    client.requests[2]?.answer();
    await delivered;
  });

  it('is tried again with who leads then, and only with what is not acknowledged', async () => {
    client.leaders = [2, 1, 2];
    client.requests[0]?.answer({ 'a/2': kafkaErrors.notLeaderOrFollower });
    client.requests[1]?.answer();
    await until(3);
    expect(requests()).toEqual([...first, [2, ['a/2']]]);
    client.requests[2]?.answer();
    await delivered;
  });

  it('asks nobody for a partition that nobody leads, and the others only once', async () => {
    client.leaders = [1, -1, 1];
    client.requests[0]?.answer();
    client.requests[1]?.fail();
    while (client.refreshed < 3) await settled();
    expect(requests()).toEqual(first);
    client.leaders = [1, 1, 1];
    await until(3);
    expect(requests()).toEqual([...first, [1, ['a/1']]]);
    client.requests[2]?.answer();
    await delivered;
  });

  it('fails with a refusal when all answers are there', async () => {
    const failed = delivered.catch((error: unknown) => error);
    client.requests[0]?.answer({ 'a/0': kafkaErrors.invalidProducerEpoch });
    client.requests[1]?.answer();
    expect(await failed).toMatchObject({ code: kafkaErrors.invalidProducerEpoch });
    expect(requests()).toEqual(first);
  });
});

describe('before a send is numbered', () => {
  it('the partitions of its topics must be known', async () => {
    const client = new Client();
    client.leaders = [];
    const prepared = new BatchSender(client, new SequenceNumbers()).prepare(
      [{ topic: 'a', messages: [{ key: 'k', value: 'v' }] }],
      patience,
    );
    await settled();
    client.leaders = [1, 2, 3, 1, 2];
    const [batch] = await prepared;
    expect(batch?.firstSequence).toBe(0);
    expect(batch?.partition).toBeLessThan(5);
  });
});
