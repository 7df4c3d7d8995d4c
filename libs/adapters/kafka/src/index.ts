export { connectKafka, type AdapterLogger, type KafkaConnection, type KafkaSettings } from './connection.ts';
export { partitionOfKey } from './key-partition.ts';
export { KafkaFactWriter, type KafkaFactWriterOptions } from './fact-writer.ts';
export { GroupConsumer, type GroupConsumerOptions } from './group-consumer.ts';
export { KafkaLogReader, type Follower, type KafkaLogReaderOptions } from './log-reader.ts';
export { PartitionGroup, type PartitionGroupOptions } from './partition-group.ts';
export { TableReader, type TableReaderOptions } from './table-reader.ts';
export { CommittedOffsetLost } from './task-opening.ts';
export { applyTopics, checkTopics, commitFirstOffsets, TopicMismatch, type ApplyTopicsOptions, type FirstOffsets } from './topic-admin.ts';
