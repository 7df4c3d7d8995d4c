import type { Codec, TopicName } from '@paceline/contracts';
import type { OutputRecord, StateChange } from '@paceline/pipeline';
import type { Message, TopicMessages } from 'kafkajs';

/** kafkajs batches quadratically: never more than this in one send. */
export const maxMessagesPerSend = 1_000;

const messageOf = (codec: Codec, record: OutputRecord): Message => ({
  key: record.key,
  value: codec.encode(record.event),
  ...(record.headers === undefined ? {} : { headers: { ...record.headers } }),
});

/** Encoded messages cut into sends of at most `maxMessagesPerSend`, grouped by topic, order kept per topic. */
export function encodeSends(codec: Codec, records: readonly OutputRecord[]): TopicMessages[][] {
  const sends: TopicMessages[][] = [];
  for (let from = 0; from < records.length; from += maxMessagesPerSend) {
    const byTopic = new Map<TopicName, Message[]>();
    for (const record of records.slice(from, from + maxMessagesPerSend)) {
      const messages = byTopic.get(record.topic);
      if (messages === undefined) byTopic.set(record.topic, [messageOf(codec, record)]);
      else messages.push(messageOf(codec, record));
    }
    sends.push([...byTopic].map(([topic, messages]) => ({ topic, messages })));
  }
  return sends;
}

/** Changelog writes of one task; the partition is the task's own, whatever the key. */
export function stateSends(topic: TopicName, partition: number, changes: readonly StateChange[]): TopicMessages[][] {
  const sends: TopicMessages[][] = [];
  for (let from = 0; from < changes.length; from += maxMessagesPerSend) {
    const messages = changes
      .slice(from, from + maxMessagesPerSend)
      .map(({ key, value }): Message => ({ key, value: value === null ? null : Buffer.from(value), partition }));
    sends.push([{ topic, messages }]);
  }
  return sends;
}
