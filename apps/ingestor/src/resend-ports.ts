import type { Event, TopicName } from '@paceline/contracts';
import type { IngestDeps } from './ports.ts';

/** Everything that the task of resends touches. */
export interface ResendDeps extends Omit<IngestDeps, 'places'> {
  /**
   * Tells every stable event of the topics that is in the log now, no faster than `each` resolves; ends early, without
   * error, when `until` aborts. What `each` rejects with must not come back from here: it is the caller's own.
   */
  scan(topics: readonly TopicName[], each: (event: Event) => void | Promise<void>, until: AbortSignal): Promise<void>;
  /** Rows in one transaction. */
  readonly chunkRows: number;
}
