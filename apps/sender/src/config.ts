import { z } from 'zod';
import { checkpointLabels, checkpointFor, type Checkpoint, type Kill } from './checkpoint.ts';

const count = (text: string, lowest: number, highest: number) => z.coerce.number(text).int(text).min(lowest).max(highest);

/** What the sender reads from the environment beyond the common configuration. */
export const senderConfig = z.object({
  SENDER_QUEUE_BOUND: count('give a whole number of slots', 10, 100_000)
    .default(2_000)
    .describe('slots of one partition held in memory before fetching pauses'),
  SENDER_RESPONSE_LINGER_MS: count('give whole milliseconds', 1, 1_000)
    .default(50)
    .describe('longest a response waits to be written together with others, ms'),
  PACELINE_KILL_AT: z
    .enum(checkpointLabels)
    .exactOptional()
    .describe('kill tests only: the process ends itself with SIGKILL at this label'),
  PACELINE_KILL_AFTER: count('give a whole number', 1, 1_000_000)
    .default(1)
    .describe('kill tests only: at the k-th passing of PACELINE_KILL_AT'),
});

export type SenderConfig = z.output<typeof senderConfig>;

export const killOf = ({ PACELINE_KILL_AT: at, PACELINE_KILL_AFTER: after }: SenderConfig): Kill | null =>
  at === undefined ? null : { at, after };

export const checkpointOf = (config: SenderConfig): Checkpoint => checkpointFor(killOf(config));
