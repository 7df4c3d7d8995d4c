import type { Admin } from 'kafkajs';

export type TopicOffsets = Awaited<ReturnType<Admin['fetchTopicOffsets']>>;

const attempts = 20;
const attemptPauseMs = 200;

/**
 * Offsets of every partition of a topic. A partition that was just created, or whose broker just came back, is led by
 * nobody for a moment although the metadata names a leader; kafkajs gives up on that answer, this waits it out.
 * Rejects with the broker's error after four seconds of it, and at once with any that waiting does not mend.
 */
export async function topicOffsets(admin: Pick<Admin, 'fetchTopicOffsets'>, topic: string): Promise<TopicOffsets> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await admin.fetchTopicOffsets(topic);
    } catch (error) {
      if (attempt >= attempts || !isLeaderless(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, attemptPauseMs));
    }
  }
}

const leaderless: readonly unknown[] = ['LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION', 'REPLICA_NOT_AVAILABLE', 'FENCED_LEADER_EPOCH'];

const isLeaderless = (error: unknown): boolean => error instanceof Error && 'type' in error && leaderless.includes(error.type);
