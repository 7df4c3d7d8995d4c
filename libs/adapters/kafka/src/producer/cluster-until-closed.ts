import type { ClientCluster } from '../client-cluster.ts';
import { ProducerClosed } from './patience.ts';

/**
 * The client goes on looking for brokers after it was disconnected, for as long as its own retries take, and connects
 * anew for that. What waits for it here ends when its owner is closed; what it has connected by the end of its search is
 * disconnected again, without anybody waiting for it.
 */
export function clusterUntilClosed(cluster: ClientCluster, closed: AbortSignal): ClientCluster {
  const searches = new Set<Promise<unknown>>();

  async function unlessClosed<T>(search: () => Promise<T>): Promise<T> {
    if (closed.aborted) throw new ProducerClosed();
    const found = search();
    searches.add(found);
    const { promise: end, reject } = Promise.withResolvers<never>();
    const onClosed = (): void => reject(new ProducerClosed());
    closed.addEventListener('abort', onClosed);
    try {
      return await Promise.race([found, end]);
    } finally {
      closed.removeEventListener('abort', onClosed);
      if (!closed.aborted) searches.delete(found);
    }
  }

  return {
    connect: () => unlessClosed(() => cluster.connect()),
    addMultipleTargetTopics: (topics) => unlessClosed(() => cluster.addMultipleTargetTopics(topics)),
    refreshMetadata: () => unlessClosed(() => cluster.refreshMetadata()),
    refreshMetadataIfNecessary: () => unlessClosed(() => cluster.refreshMetadataIfNecessary()),
    findBroker: (which) => unlessClosed(() => cluster.findBroker(which)),
    findGroupCoordinator: (which) => unlessClosed(() => cluster.findGroupCoordinator(which)),
    getNodeIds: () => cluster.getNodeIds(),
    findTopicPartitionMetadata: (topic) => {
      // Disconnected, the client has no metadata, and says so in another way.
      if (closed.aborted) throw new ProducerClosed();
      return cluster.findTopicPartitionMetadata(topic);
    },
    disconnect: async () => {
      await cluster.disconnect();
      if (searches.size > 0) void Promise.allSettled(searches).then(() => cluster.disconnect());
    },
  };
}
