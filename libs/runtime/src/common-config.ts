import { resolve } from 'node:path';
import { z } from 'zod';
import type { Secret } from './secret.ts';
import { secretValue } from './values.ts';

const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .refine((items) => items.length > 0 && items.every((item) => /^[^\s:/]+:\d{1,5}$/.test(item)), 'give host:port[,host:port...]');

const httpUrl = z.url({ protocol: /^https?$/, error: 'give an http:// or https:// URL' }).transform((url) => url.replace(/\/+$/, ''));

const path = z.string().transform((value) => resolve(value));

/** What every service reads from the environment; each may also be given as NAME_FILE, a file with the value. */
export const commonConfigSchema = z.object({
  KAFKA_BROKERS: list.describe('Kafka brokers, host:port, comma separated'),
  KAFKA_SSL: z.stringbool({ error: 'give true or false' }).default(false).describe('TLS to Kafka'),
  KAFKA_SSL_CA: z.string().exactOptional().describe('PEM of the certificate authority; KAFKA_SSL_CA_FILE names a file'),
  KAFKA_SSL_CERT: z.string().exactOptional().describe('PEM of the client certificate (mTLS)'),
  KAFKA_SSL_KEY: secretValue.exactOptional().describe('PEM of the client key (mTLS)'),
  KAFKA_SASL_MECHANISM: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).exactOptional().describe('SASL mechanism'),
  KAFKA_SASL_USERNAME: z.string().exactOptional().describe('SASL user'),
  KAFKA_SASL_PASSWORD: secretValue.exactOptional().describe('SASL password'),
  KAFKA_ACCEPT_WEAK_TOPICS: z
    .stringbool({ error: 'give true or false' })
    .default(false)
    .describe('call in live mode although topics have fewer than three replicas, one in sync, or unclean elections'),
  SCHEMA_REGISTRY_URL: httpUrl.describe('schema registry, base of its Confluent-compatible API'),
  SCHEMA_REGISTRY_USERNAME: z.string().exactOptional().describe('schema registry user'),
  SCHEMA_REGISTRY_PASSWORD: secretValue.exactOptional().describe('schema registry password'),
  PACELINE_SETTINGS: path.prefault('paceline.yaml').describe('path of the settings file'),
  PACELINE_DATA_DIR: path.prefault('.paceline').describe('folder for local state'),
  PACELINE_CONTACT_KEY: secretValue
    .refine((secret) => secret.reveal().length >= 16, 'give at least 16 characters')
    .describe('key of the hashes that stand for phone numbers; the same in every service, never changed'),
  HOST: z.string().default('127.0.0.1').describe('address of the health and metrics endpoints'),
  PORT: z.coerce
    .number('give a port')
    .int('give a port')
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('port of the health and metrics endpoints; 0 = any'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info').describe('least level logged'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.exactOptional().describe('OTLP/HTTP collector; traces go to <endpoint>/v1/traces'),
  PACELINE_TRACE_RATIO: z.coerce
    .number('give a number from 0 to 1')
    .min(0)
    .max(1)
    .exactOptional()
    .describe('share of new traces that are kept; overrides tracing.ratio of the settings file'),
});

/** The common configuration; the trace ratio is the settings file's where the environment gives none. */
export type CommonConfig = z.output<typeof commonConfigSchema> & { readonly PACELINE_TRACE_RATIO: number };

interface TlsOptions {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
}

/** Connection options in the shape Kafka clients take. Holds revealed secrets: never log it. */
export interface KafkaConnection {
  readonly brokers: string[];
  readonly ssl?: true | TlsOptions;
  readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string };
}

type KafkaConfig = Pick<
  z.output<typeof commonConfigSchema>,
  | 'KAFKA_BROKERS'
  | 'KAFKA_SSL'
  | 'KAFKA_SSL_CA'
  | 'KAFKA_SSL_CERT'
  | 'KAFKA_SSL_KEY'
  | 'KAFKA_SASL_MECHANISM'
  | 'KAFKA_SASL_USERNAME'
  | 'KAFKA_SASL_PASSWORD'
>;

function tlsOf(config: KafkaConfig): true | TlsOptions {
  const { KAFKA_SSL_CA: ca, KAFKA_SSL_CERT: cert, KAFKA_SSL_KEY: key } = config;
  const options: TlsOptions = {
    ...(ca === undefined ? {} : { ca: [ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key: key.reveal() }),
  };
  return Object.keys(options).length === 0 ? true : options;
}

/** How to reach Kafka with this configuration: plain, TLS, mTLS, SASL. */
export function kafkaConnectionOf(config: KafkaConfig): KafkaConnection {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = config;
  return {
    brokers: config.KAFKA_BROKERS,
    ...(config.KAFKA_SSL ? { ssl: tlsOf(config) } : {}),
    ...(mechanism === undefined ? {} : { sasl: { mechanism, username: username ?? '', password: password?.reveal() ?? '' } }),
  };
}

/** How to reach the schema registry, in the shape of the contracts' RegistrySettings. */
export function registryOf(config: {
  readonly SCHEMA_REGISTRY_URL: string;
  readonly SCHEMA_REGISTRY_USERNAME?: string;
  readonly SCHEMA_REGISTRY_PASSWORD?: Secret;
}): { url: string; username?: string; password?: string } {
  const { SCHEMA_REGISTRY_USERNAME: username, SCHEMA_REGISTRY_PASSWORD: password } = config;
  return {
    url: config.SCHEMA_REGISTRY_URL,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: password.reveal() }),
  };
}

type TogetherCheck = { readonly when: boolean; readonly name: string; readonly problem: string };

/** What single variables cannot show: those that only make sense together. */
export function commonConfigProblems(config: Partial<z.output<typeof commonConfigSchema>>): string[] {
  const tls = config.KAFKA_SSL === true;
  const given = (name: keyof typeof config): boolean => config[name] !== undefined;
  const checks: TogetherCheck[] = [
    {
      when: given('KAFKA_SSL_CERT') !== given('KAFKA_SSL_KEY'),
      name: 'KAFKA_SSL_CERT',
      problem: 'give KAFKA_SSL_CERT and KAFKA_SSL_KEY together',
    },
    {
      when: !tls && (given('KAFKA_SSL_CA') || given('KAFKA_SSL_CERT')),
      name: 'KAFKA_SSL',
      problem: 'set KAFKA_SSL=true to use the certificates given',
    },
    {
      when: given('KAFKA_SASL_MECHANISM') && !(given('KAFKA_SASL_USERNAME') && given('KAFKA_SASL_PASSWORD')),
      name: 'KAFKA_SASL_MECHANISM',
      problem: 'give KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD too',
    },
    {
      when: !given('KAFKA_SASL_MECHANISM') && (given('KAFKA_SASL_USERNAME') || given('KAFKA_SASL_PASSWORD')),
      name: 'KAFKA_SASL_MECHANISM',
      problem: 'give plain, scram-sha-256 or scram-sha-512 with the SASL user',
    },
    {
      when: given('SCHEMA_REGISTRY_USERNAME') !== given('SCHEMA_REGISTRY_PASSWORD'),
      name: 'SCHEMA_REGISTRY_USERNAME',
      problem: 'give SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD together',
    },
  ];
  return checks.filter((check) => check.when).map((check) => `${check.name}: ${check.problem}`);
}
