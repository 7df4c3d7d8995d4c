export {
  isEvent,
  type EventRecord,
  type InputRecord,
  type OffsetMark,
  type OutputRecord,
  type PoisonRecord,
  type Position,
  type RecordBatch,
  type StateChange,
  type Transaction,
} from './records.ts';
export { OpeningLost, type Opening, type PartitionTask, type TaskFactory } from './task.ts';
export type { Clock, FactWriter, LogReader, Table } from './ports.ts';
export { deadLetterOf, undecodableOutputs } from './dead-letters.ts';
