import type { TopicName } from '@paceline/contracts';
import type { OffsetMark, RecordBatch, Transaction } from './records.ts';

/**
 * The right to a partition was lost, or a commit's end is unknown. The opening is dead: drop all that is not yet
 * committed, report nothing as not done. The partition is opened again (here or elsewhere) from the committed offset.
 */
export class OpeningLost extends Error {
  override readonly name = 'OpeningLost';
}

/**
 * One ownership of partition p of a group's topics, between a takeover and its end. Handed to the task only after the
 * older owner was fenced, the committed offsets read and the state restored to the changelog's end.
 */
export interface Opening {
  readonly group: string;
  readonly partition: number;
  /** Grows with every opening of this process; for logs and gauges. */
  readonly epoch: number;
  /** Committed position and metadata per input topic, read after the fence. */
  readonly committed: ReadonlyMap<TopicName, OffsetMark>;
  /** State restored from the changelog; empty for tasks without one. The task may keep and mutate this map. */
  readonly state: Map<string, string>;
  /** Aborted at the end of this opening, before anything is delivered to the next one. */
  readonly ended: AbortSignal;
  /**
   * Commits outputs, state and offsets in one transaction. Calls are serialised by the adapter. Rejects with
   * OpeningLost when it failed or its end is unknown; the opening is then over.
   */
  commit(transaction: Transaction): Promise<void>;
  /** Offset after the last stable record of an input topic's partition p; for "have I read past this?" questions. */
  endOffset(topic: TopicName): Promise<number>;
  /** Stops and restarts delivery of one input topic; a bounded inbox does so by itself. */
  pause(topic: TopicName): void;
  resume(topic: TopicName): void;
}

/** The work of one opening. A new instance per opening, so that no memory survives an unknown commit. */
export interface PartitionTask {
  /** Records in offset order per topic, one call at a time. Resolves when the task can take more. */
  handle(batch: RecordBatch): Promise<void>;
  /** The opening has ended or is about to (shutdown): stop timers, take nothing new. `graceful` = still the owner. */
  close(graceful: boolean): Promise<void>;
}

/** What a handler class offers: one task per opening. */
export type TaskFactory = (opening: Opening) => PartitionTask | Promise<PartitionTask>;
