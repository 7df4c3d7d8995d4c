// What every bench of services stands on: the log made ready, and the environment that its services are given.
import { join } from 'node:path';
import { applyTopics, connectKafka, KafkaFactWriter, type KafkaConnection } from '@paceline/adapter-kafka';
import { applySchemas, Codec, registryIds, type SchemaIds } from '@paceline/contracts';
import type { Stack } from '@paceline/local';
import { QuietLogger } from '@paceline/testing';
import { stampedByBroker } from './log-time.ts';
import type { ServicePlan } from './service-process.ts';

export interface ReadyLog {
  readonly kafka: KafkaConnection;
  readonly codec: Codec;
  readonly writer: KafkaFactWriter;
  /** Schemas of all records that the codec has read, as their writers registered them. */
  readonly writerSchemas: ReadonlySet<string>;
}

/** Topics and schemas applied, answers stamped by the broker, a writer started. */
export async function readyLog({ urls }: Stack, clientId: string): Promise<ReadyLog> {
  const kafka = connectKafka({ brokers: (urls.kafka ?? '').split(','), clientId }, new QuietLogger());
  const registry = { url: urls.registry ?? '' };
  await Promise.all([applyTopics(kafka), applySchemas(registry)]);
  await stampedByBroker(kafka, 'paceline.responses');
  const writerSchemas = new Set<string>();
  const codec = new Codec(remembering(registryIds(registry), writerSchemas));
  await codec.warm();
  const writer = new KafkaFactWriter({ kafka, codec, logger: new QuietLogger() });
  await writer.start();
  return { kafka, codec, writer, writerSchemas };
}

/** The codec asks once for the schema of each writer that it meets. */
const remembering = (ids: SchemaIds, asked: Set<string>): SchemaIds => ({
  idOf: (name, schema) => ids.idOf(name, schema),
  schemaOf: async (id) => {
    const schema = await ids.schemaOf(id);
    asked.add(schema);
    return schema;
  },
});

/** The settings file is `paceline.yaml` in the data folder. */
export const serviceEnv = ({ urls }: Stack, { dataDir, contactKey }: { dataDir: string; contactKey: string }): ServicePlan['env'] => ({
  KAFKA_BROKERS: urls.kafka ?? '',
  SCHEMA_REGISTRY_URL: urls.registry ?? '',
  PACELINE_SETTINGS: join(dataDir, 'paceline.yaml'),
  PACELINE_DATA_DIR: dataDir,
  PACELINE_CONTACT_KEY: contactKey,
  PACELINE_TRACE_RATIO: '0',
  SIMULATOR_LEDGER: join(dataDir, 'ledger.ndjson'),
  SIMULATOR_MAGIC: 'off',
});
