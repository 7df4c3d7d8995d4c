export { ask, clusterOf, coordinatorTypes, leaderOf, type ClientCluster } from './client-cluster.ts';
export {
  connectKafka,
  factProducer,
  type AdapterLogger,
  type KafkaConnection,
  type KafkaSettings,
  type TaskProducer,
} from './connection.ts';
export { partitionOfKey } from './key-partition.ts';
export { KafkaFactWriter, type KafkaFactWriterOptions } from './fact-writer.ts';
export { GroupConsumer, type GroupConsumerOptions } from './group-consumer.ts';
export { KafkaLogReader, type Follower, type KafkaLogReaderOptions } from './log-reader.ts';
export { LogOffsets, type StableEnd } from './log-offsets.ts';
export type { TopicPartition } from './topic-partition.ts';
export { KafkaLogTrim, type LogStanding, type LogTrimOptions } from './log-trim.ts';
export { PartitionGroup, type PartitionGroupOptions } from './partition-group.ts';
export { TableLog, type TableLogOptions } from './table-log.ts';
export { CommittedOffsetLost } from './task-opening.ts';
export { transactionLabels } from './commit-transaction.ts';
export { applyTopics, commitFirstOffsets, type ApplyTopicsOptions, type FirstOffsets } from './topic-admin.ts';
export { checkTopics, TopicMismatch, type TopicCheckOptions } from './topic-check.ts';
export { topicWeaknesses, TopicsTooWeak } from './topic-durability.ts';
