import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaLogReader } from '@paceline/adapter-kafka';
import type { TopicName } from '@paceline/contracts';
import { BatchFold, type BatchTotals } from '@paceline/domain/reporting';

export interface WatchOptions {
  readonly topics: readonly TopicName[];
  readonly each: (totals: readonly BatchTotals[]) => Promise<void>;
}

/** Shows the totals every second until Ctrl-C. */
export async function watchTotals(log: KafkaLogReader, { topics, each }: WatchOptions): Promise<void> {
  const fold = new BatchFold();
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const follower = await log.follow(topics, ({ event }) => fold.apply(event));
  try {
    await follower.caughtUp();
    while (!stop.signal.aborted) {
      await each(fold.totals());
      await delay(1_000, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    await follower.stop();
  }
}
