import * as contracts from '../../libs/contracts/src/index.ts';
import { code, page, table } from './markdown.mjs';

const showRetention = ({ cleanup, retentionMs }) => {
  if (cleanup === 'compact') return 'newest per key';
  return retentionMs < 0 ? 'not by time' : `${retentionMs / 86_400_000} d`;
};

export function topicsPage() {
  const topics = contracts.topicNames.map((name) => [name, contracts.topicDefinition(name)]);
  const rows = topics.map(([name, topic]) => [
    code(name),
    topic.key,
    `${topic.domain} (${contracts.partitionsOf[topic.domain]})`,
    showRetention(topic),
    topic.events.map((event) => `[${event}](events.md#${event.toLowerCase()})`).join(', '),
    topic.writers.join(', '),
    topic.readers.join(', '),
  ]);
  const groups = Object.values(contracts.groups).map(({ id, topics: read, state }) => [
    code(id),
    read.map(code).join(', '),
    code(state ?? ''),
  ]);
  return page(
    'Topics',
    'libs/contracts/src/topics.ts',
    'The only catalogue of topics: `paceline topics apply` creates them, and a service does not start when one is missing or has another number of partitions. ' +
      'Topics of one domain have the same number of partitions, so that partition *p* of each can belong to one task. Writers and readers are those that the catalogue provides for.',
    table(['topic', 'key', 'domain (partitions)', 'kept', 'events', 'writers', 'readers'], rows),
    '## Consumer groups',
    'Their committed offsets decide what is done next. Readers of tables (`controls`, `suppressions`) and the command line read from the beginning and commit nothing.',
    table(['group', 'reads', 'state'], groups),
  );
}
