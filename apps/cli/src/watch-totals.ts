import { once } from 'node:events';
import type { KafkaLogReader } from '@paceline/adapter-kafka';
import type { TopicName } from '@paceline/contracts';
import { BatchFold, type BatchTotals } from '@paceline/domain/reporting';

export interface WatchOptions {
  readonly topics: readonly TopicName[];
  readonly each: (totals: readonly BatchTotals[]) => void;
}

/** Shows the totals every second until Ctrl-C. */
export async function watchTotals(log: KafkaLogReader, { topics, each }: WatchOptions): Promise<void> {
  const fold = new BatchFold();
  const follower = await log.follow(topics, ({ event }) => fold.apply(event));
  await follower.caughtUp();
  each(fold.totals());
  const timer = setInterval(() => each(fold.totals()), 1_000);
  await once(process, 'SIGINT');
  clearInterval(timer);
  await follower.stop();
}
