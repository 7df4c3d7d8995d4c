import { createRequire } from 'node:module';
import type { Kafka } from 'kafkajs';

const require = createRequire(import.meta.url);

/** A request in one version of the protocol; `parse` is the place where the client turns error codes into exceptions. */
export interface ProtocolRequest<Answer> {
  readonly request: object;
  readonly response: { decode(raw: Buffer): Promise<Answer>; parse(answer: Answer): Promise<Answer> };
}

/** Makes requests in the newest version that both sides know. */
type RequestLookup = <Answer>(apiKey: number, definitions: object) => (fields: object) => ProtocolRequest<Answer>;

/** One broker as the client holds it: its connection, with TLS and SASL, and the versions that it speaks. */
export interface ClientBroker {
  readonly nodeId: number;
  readonly lookupRequest: RequestLookup;
  readonly connectionPool: { send<Answer>(request: ProtocolRequest<Answer>): Promise<Answer> };
  isConnected(): boolean;
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>;
}

export interface PartitionMetadata {
  readonly partitionId: number;
  /** -1 = nobody leads the partition at this moment. */
  readonly leader: number;
}

export const coordinatorTypes = { group: 0, transaction: 1 } as const;

/** Part of the client that its public API hides: who is in the cluster, who leads what, and a connection to each. */
export interface ClientCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  getNodeIds(): string[];
  findBroker(which: { nodeId: number | string }): Promise<ClientBroker>;
  findGroupCoordinator(which: { groupId: string; coordinatorType?: number }): Promise<ClientBroker>;
  findTopicPartitionMetadata(topic: string): readonly PartitionMetadata[];
}

/** Node id of who leads a partition, as far as the cluster told; -1 = nobody. */
export const leaderOf = (cluster: ClientCluster, { topic, partition }: { readonly topic: string; readonly partition: number }): number =>
  cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition)?.leader ?? -1;

/** Connections and metadata of their own, with the settings of this client (TLS and SASL included). */
export function clusterOf(kafka: Kafka): ClientCluster {
  const factory = Object.getOwnPropertySymbols(kafka).find((symbol) => symbol.description === 'private:Kafka:createCluster');
  const create = factory === undefined ? undefined : (kafka as unknown as Record<symbol, (options: object) => ClientCluster>)[factory];
  if (create === undefined) throw new Error('kafkajs: no cluster factory; the client changed');
  return create({ metadataMaxAge: 300_000, allowAutoTopicCreation: false });
}

interface Protocol {
  readonly apiKeys: Readonly<Record<string, number>>;
  readonly requests: Readonly<Record<string, object>>;
}
const protocol: Protocol = {
  apiKeys: require('kafkajs/src/protocol/requests/apiKeys') as Protocol['apiKeys'],
  requests: (require('kafkajs/src/protocol/requests') as Protocol).requests,
};

/** One request of the protocol, in the versions that can be made of it. */
export interface RequestKind {
  readonly name: string;
  readonly apiKey: number;
  readonly definitions: object;
}

/** A request that the client knows, by its name. */
export function requestKind(api: string): RequestKind {
  const apiKey = protocol.apiKeys[api];
  const definitions = protocol.requests[api];
  if (apiKey === undefined || definitions === undefined) throw new Error(`kafkajs: no request ${api}; the client changed`);
  return { name: api, apiKey, definitions };
}

/**
 * Sends one request to one broker and returns the answer as it is, error codes included: the client's own methods throw
 * the first code of an answer and lose what the answer says about the other partitions.
 */
export async function ask<Answer>(broker: ClientBroker, api: string | RequestKind, fields: object): Promise<Answer> {
  const { apiKey, definitions } = typeof api === 'string' ? requestKind(api) : api;
  const { request, response, ...rest } = broker.lookupRequest<Answer>(apiKey, definitions)(fields);
  const asIs = { decode: (raw: Buffer) => response.decode(raw), parse: (answer: Answer) => Promise.resolve(answer) };
  return broker.connectionPool.send({ ...rest, request, response: asIs });
}
