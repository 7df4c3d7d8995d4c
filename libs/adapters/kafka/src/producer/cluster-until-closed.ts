import type { ClientCluster } from '../client-cluster.ts';
import { orTimeOut, ProducerClosed, timedOut } from './patience.ts';

/** How long an end waits for a search of the client: enough for one that is answered. */
const searchEndsWithinMs = 1_000;

/**
 * The client's own searches, for a leader, a coordinator or any broker at all, take up to a quarter of a minute. What waits
 * for one here ends when its owner is closed. The client itself is disconnected when its searches are over: before that it
 * would keep a connection that it opens afterwards.
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
      const ended = Promise.allSettled(searches);
      if ((await orTimeOut(ended, searchEndsWithinMs)) !== timedOut) return cluster.disconnect();
      void ended.then(() => cluster.disconnect()).catch(() => undefined);
    },
  };
}
