import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));

export interface RunningStack {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly clickhouseUrl: string;
}

/** The servers that the integration set-up started (or was given); throws when a spec runs without it. */
export function runningStack(): RunningStack {
  const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl, CLICKHOUSE_URL: clickhouseUrl } = process.env;
  if (brokers === undefined || registryUrl === undefined || clickhouseUrl === undefined) {
    throw new Error(
      'integration specs need KAFKA_BROKERS, SCHEMA_REGISTRY_URL and CLICKHOUSE_URL: run them with `npm run test:integration`',
    );
  }
  return { brokers: brokers.split(','), registryUrl, clickhouseUrl };
}

/** Brokers alone, for specs that need nothing else. */
export function kafkaBrokers(): readonly string[] {
  const brokers = process.env['KAFKA_BROKERS'];
  if (brokers === undefined) throw new Error('integration specs need KAFKA_BROKERS: run them with `npm run test:integration`');
  return brokers.split(',');
}
