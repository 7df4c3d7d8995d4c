// The judge compares what was on record when: a writer that tries again keeps the time of its first try, the log does not.
import type { KafkaConnection } from '@paceline/adapter-kafka';
import type { TopicName } from '@paceline/contracts';

/** Kafka's number for a topic among the things that have settings. */
const topicResource = 2;

/** From now on the records of this topic carry the broker's time of appending; its other settings stay. */
export async function stampedByBroker({ kafka }: KafkaConnection, topic: TopicName): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const resource = { type: topicResource, name: topic };
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    const own = (resources[0]?.configEntries ?? []).filter(({ isDefault }) => !isDefault);
    const kept = own.map(({ configName, configValue }) => ({ name: configName, value: configValue }));
    const configEntries = [...kept, { name: 'message.timestamp.type', value: 'LogAppendTime' }];
    await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
  } finally {
    await admin.disconnect();
  }
}
