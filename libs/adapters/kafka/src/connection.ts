import { createRequire } from 'node:module';
import { Kafka, logLevel, type ISocketFactory, type KafkaConfig, type logCreator, type SASLOptions } from 'kafkajs';
import { BrokerPresence } from './broker-presence.ts';
import { clusterOf } from './client-cluster.ts';
import { IdempotentProducer } from './producer/idempotent-producer.ts';
import { TransactionalProducer } from './producer/transactional-producer.ts';

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
  /** Specs put one in its place whose commits fail. */
  readonly taskProducer: (transactionalId: string) => TaskProducer;
}

/** Writes for one task, fenced. */
export type TaskProducer = Pick<TransactionalProducer, 'fence' | 'send' | 'sendOffsets' | 'commit' | 'close'>;

/**
 * How patient a consumer's fetches are. The broker answers when it has `minBytes` or after `maxWaitMs`: with a steady
 * trickle of records a minimum of 1 byte means hundreds of near-empty answers a second, on both sides' processors.
 */
export interface FetchPatience {
  readonly minBytes: number;
  readonly maxWaitMs: number;
}

export const eagerFetch: FetchPatience = { minBytes: 1, maxWaitMs: 100 };

/**
 * A consumer outlives an election. Metadata is at most 2 s old, so that a broker that the cluster has given up is given up
 * here too; the client's own limit of five retries would end a consumer after half a second.
 */
export const consumerTerms = ({ minBytes, maxWaitMs: maxWaitTimeInMs }: FetchPatience) => ({
  minBytes,
  maxWaitTimeInMs,
  allowAutoTopicCreation: false,
  metadataMaxAge: 2_000,
  retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 30 },
});

/** Nothing that anybody must know of: it happens in every run, and the client logs it as an error. */
const expectedNoise = /concurrent operation on the same transaction|The group is rebalancing|Pausing fetching|Resuming fetching/i;
/** By these lines a connection tells that its broker is away; see BrokerPresence. */
const brokerAway = /^(Connection error|Connection timeout|Request timed out|Failed to connect)/;

function forwardLogs(logger: AdapterLogger, presence: BrokerPresence): logCreator {
  return () =>
    ({ level, namespace, log }) => {
      const error = String(log['error'] ?? '');
      if (expectedNoise.test(`${log.message} ${error}`)) return;
      if (typeof log['broker'] === 'string' && brokerAway.test(log.message)) return presence.away(log['broker'], log.message);
      const fields = { component: `kafkajs.${namespace}`, error: log['error'] as unknown };
      // While a broker is away everybody who needs it says so, again and again: the first line of a kind tells.
      if (level <= logLevel.ERROR && presence.mayBeSaid(`${namespace} ${log.message.slice(0, 40)}`)) logger.warn(fields, log.message);
      else logger.debug(fields, log.message);
    };
}

/** The client's own sockets, watched for answers: a frozen broker accepts connections too. */
function watchedSockets(presence: BrokerPresence): ISocketFactory {
  const open = (require('kafkajs/src/network/socketFactory') as () => ISocketFactory)();
  return (options) => {
    const socket = open(options);
    socket.once('data', () => presence.answered(`${options.host}:${options.port}`));
    return socket;
  };
}

/** The client as shipped shows records of aborted transactions to read_committed readers: refuse to run on it. */
function refuseUnpatchedClient(): void {
  const filter = require('kafkajs/src/consumer/filterAbortedMessages') as { paceline?: number };
  if (filter.paceline !== 5) {
    throw new Error(
      'kafkajs is not patched as it must be: aborted records would be read as committed. Run `node tools/start.mjs --setup-only`.',
    );
  }
}

/**
 * The one factory of Kafka clients. Retries begin after 10 ms, because the default of 300 ms turns a short wait into a
 * stall. What waits for all in-sync replicas waits until the cluster has noticed that one of them is gone: the time-out of
 * requests lies above that. Requests that a broker answers from memory have a shorter one in the patch.
 */
export function connectKafka(settings: KafkaSettings, logger: AdapterLogger): KafkaConnection {
  refuseUnpatchedClient();
  const presence = new BrokerPresence(logger);
  const kafka = new Kafka({
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    ...(settings.ssl === undefined ? {} : { ssl: settings.ssl }),
    ...(settings.sasl === undefined ? {} : { sasl: settings.sasl }),
    connectionTimeout: 3_000,
    requestTimeout: 9_000,
    retry: { initialRetryTime: 10, multiplier: 2, maxRetryTime: 1_000, retries: 20 },
    logLevel: logLevel.WARN,
    logCreator: forwardLogs(logger, presence),
    socketFactory: watchedSockets(presence),
  });
  return {
    kafka,
    settings,
    taskProducer: (transactionalId) => new TransactionalProducer(clusterOf(kafka), { transactionalId, transactionTimeoutMs }),
  };
}

/** Producer of facts: idempotent, no transaction. */
export const factProducer = ({ kafka }: KafkaConnection): IdempotentProducer => new IdempotentProducer(clusterOf(kafka));

/**
 * A transaction survives the death of a broker: until the cluster has noticed it (4 s here, 9 s by default) nothing that all
 * replicas must have is written. A killed owner holds the partition's stable offset no longer than until its successor
 * fences it, which is sooner.
 */
const transactionTimeoutMs = 10_000;
