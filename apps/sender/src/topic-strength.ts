import { topicWeaknesses, TopicsTooWeak, type KafkaConnection } from '@paceline/adapter-kafka';
import type { ServiceContext } from '@paceline/runtime';
import type { SenderConfig } from './config.ts';

/**
 * Before the first claim of an account in live mode: a claim that was acknowledged must outlive the broker that took it, or
 * the row is called again. Elsewhere nobody is called, so nothing is asked.
 */
export const topicStrength = (kafka: KafkaConnection, { settings, config, logger }: ServiceContext<SenderConfig>) => ({
  name: 'topic strength',
  start: async (): Promise<void> => {
    if (!settings.accounts.some(({ mode }) => mode === 'live')) return;
    const weaknesses = await topicWeaknesses(kafka);
    if (weaknesses.length === 0) return;
    if (!config.KAFKA_ACCEPT_WEAK_TOPICS) throw new TopicsTooWeak(weaknesses);
    logger.warn({ weaknesses: weaknesses.length, first: weaknesses[0] }, 'topics would not survive the loss of a broker; accepted');
  },
  stop: () => Promise.resolve(),
});
