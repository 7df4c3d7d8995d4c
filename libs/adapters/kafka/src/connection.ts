import { createRequire } from 'node:module';
import { Kafka, logLevel, type KafkaConfig, type logCreator, type Producer, type SASLOptions } from 'kafkajs';
import { housePartitioner } from './key-partition.ts';

const require = createRequire(import.meta.url);

/** What this adapter needs of a logger; pino fits. */
export interface AdapterLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: SASLOptions;
}

/** One way to reach Kafka, with the house settings; every client of the process is made from it. */
export interface KafkaConnection {
  readonly kafka: Kafka;
  readonly settings: KafkaSettings;
}

/**
 * How patient a consumer's fetches are. The broker answers when it has `minBytes` or after `maxWaitMs`: with a steady
 * trickle of records a minimum of 1 byte means hundreds of near-empty answers a second, on both sides' processors.
 */
export interface FetchPatience {
  readonly minBytes: number;
  readonly maxWaitMs: number;
}

export const eagerFetch: FetchPatience = { minBytes: 1, maxWaitMs: 100 };

/** kafkajs logs this twice, as errors, each time a transaction briefly waits for the one before: not worth a line. */
const expectedNoise = /concurrent operation on the same transaction|The group is rebalancing|Pausing fetching|Resuming fetching/i;

function forwardLogs(logger: AdapterLogger): logCreator {
  return () =>
    ({ level, namespace, log }) => {
      const text = `${log.message} ${String(log['error'] ?? '')}`;
      if (expectedNoise.test(text)) return;
      const fields = { component: `kafkajs.${namespace}`, error: log['error'] as unknown };
      if (level <= logLevel.ERROR) logger.warn(fields, log.message);
      else logger.debug(fields, log.message);
    };
}

/** The client as shipped shows records of aborted transactions to read_committed readers: refuse to run on it. */
function refuseUnpatchedClient(): void {
  const filter = require('kafkajs/src/consumer/filterAbortedMessages') as { paceline?: number };
  if (filter.paceline !== 3) {
    throw new Error(
      'kafkajs is not patched as it must be: aborted records would be read as committed. Run `node tools/start.mjs --setup-only`.',
    );
  }
}

/**
 * The one factory of kafkajs clients. `retry` stands here because the producer's own does not reach InitProducerId and
 * sendOffsets; 10 ms because the default 300 ms turns a short wait between two transactions into a stall.
 */
export function connectKafka(settings: KafkaSettings, logger: AdapterLogger): KafkaConnection {
  refuseUnpatchedClient();
  const kafka = new Kafka({
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    ...(settings.ssl === undefined ? {} : { ssl: settings.ssl }),
    ...(settings.sasl === undefined ? {} : { sasl: settings.sasl }),
    connectionTimeout: 10_000,
    requestTimeout: 30_000,
    retry: { initialRetryTime: 10, multiplier: 2, maxRetryTime: 1_000, retries: 20 },
    logLevel: logLevel.WARN,
    logCreator: forwardLogs(logger),
  });
  return { kafka, settings };
}

const common = {
  createPartitioner: housePartitioner,
  allowAutoTopicCreation: false,
  idempotent: true,
  maxInFlightRequests: 1,
} as const;

/** Producer of facts: idempotent, no transaction. */
export const factProducer = ({ kafka }: KafkaConnection): Producer => kafka.producer({ ...common });

/** Producer of one task; 5 s so that a killed owner does not hold the partition's stable offset for a minute. */
export const taskProducer = ({ kafka }: KafkaConnection, transactionalId: string): Producer =>
  kafka.producer({ ...common, transactionalId, transactionTimeout: 5_000 });
