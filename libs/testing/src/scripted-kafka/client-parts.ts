import { createRequire } from 'node:module';
import { type Socket } from 'node:net';
import { logLevel } from 'kafkajs';

// The parts of the client that its patch changes, as far as the specs use them. The client exports no types for them.

export interface ClientConnection {
  connect(): Promise<boolean>;
  disconnect(): Promise<boolean>;
  send(request: object): Promise<unknown>;
  isConnected(): boolean;
}

export interface ClientBroker {
  readonly nodeId: number;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  metadata(topics: readonly string[]): Promise<unknown>;
  joinGroup(request: object): Promise<unknown>;
  readonly connectionPool: { abandon(): void };
}

export interface ClientPool {
  readonly brokers: Readonly<Record<string, ClientBroker>>;
  seedBroker: ClientBroker | undefined;
  readonly connectionPoolBuilder: { build(): Promise<unknown> };
  createBroker(options: object): ClientBroker;
  createSeedBroker(): Promise<void>;
  refreshMetadata(topics: readonly string[]): Promise<void>;
  removeBroker(address: object): void;
  withBroker<T>(ask: (asked: { nodeId: string; broker: ClientBroker }) => Promise<T>): Promise<T | null>;
}

export interface ClientCluster {
  readonly brokerPool: ClientPool;
  readonly targetTopics: Set<string>;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  findBroker(of: { nodeId: number }): Promise<ClientBroker>;
  findGroupCoordinator(of: { groupId: string }): Promise<ClientBroker>;
  findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[];
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Record<string, number[]>;
  fetchTopicsOffset(topics: readonly object[]): Promise<unknown>;
}

const require = createRequire(import.meta.url);
const part = <T>(path: string): T => require(`kafkajs/src/${path}`) as T;

const { createLogger } = part<{ createLogger: (options: object) => object }>('loggers');
const silent = createLogger({ level: logLevel.NOTHING, logCreator: () => () => undefined });
const systemSockets = part<() => (options: object) => Socket>('network/socketFactory')();

interface GroupMembership {
  coordinator: { heartbeat(): Promise<void> };
  memberId: string;
  generationId: number;
  heartbeat(of: { interval: number }): Promise<void>;
}

/** A member of a group, without a cluster: its coordinator is set by the spec. */
export function newMembership(): GroupMembership {
  const ConsumerGroup = part<new (options: object) => GroupMembership>('consumer/consumerGroup');
  return new ConsumerGroup({ logger: silent, instrumentationEmitter: { emit: () => undefined } });
}

/** Short and many: a spec must not wait for the client. */
export const retry = { initialRetryTime: 5, maxRetryTime: 50, retries: 50 };

const common = { clientId: 'specs', connectionTimeout: 1_000, requestTimeout: 20_000, logger: silent, socketFactory: systemSockets };

export function newConnection(port: number, options: object = {}): ClientConnection {
  const Connection = part<new (options: object) => ClientConnection>('network/connection');
  return new Connection({ ...common, host: '127.0.0.1', port, ...options });
}

/** The client's view of a cluster: brokers, metadata, leaders, coordinators. */
export function newClientCluster(brokers: readonly string[], options: object = {}): ClientCluster {
  const Cluster = part<new (options: object) => ClientCluster>('cluster');
  return new Cluster({ ...common, brokers, retry, metadataMaxAge: 300_000, allowAutoTopicCreation: false, ...options });
}

/** A broker of its own, at the next address of the configured list. */
export async function newClientBroker({ brokerPool }: ClientCluster): Promise<ClientBroker> {
  return brokerPool.createBroker({ logger: silent, connectionPool: await brokerPool.connectionPoolBuilder.build() });
}
