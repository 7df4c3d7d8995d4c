import { z } from 'zod';

const count = (text: string, lowest: number, highest: number) => z.coerce.number(text).int(text).min(lowest).max(highest);

/** What the sender reads from the environment beyond the common configuration. */
export const senderConfig = z.object({
  SENDER_QUEUE_BOUND: count('give a whole number of slots', 10, 100_000)
    .default(2_000)
    .describe('slots of one partition held in memory before fetching pauses'),
  SENDER_RESPONSE_LINGER_MS: count('give whole milliseconds', 1, 1_000)
    .default(50)
    .describe('longest a response waits to be written together with others, ms'),
});

export type SenderConfig = z.output<typeof senderConfig>;
