// Where a command finds the servers: the environment first, else the stack that `npm start` recorded in DATA_DIR/run.json.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connectKafka, KafkaFactWriter, KafkaLogReader, type KafkaConnection } from '@paceline/adapter-kafka';
import { Codec, registryIds, type RegistrySettings } from '@paceline/contracts';
import { readRunFile, type RunFile } from '@paceline/local';
import { kafkaConnectionOf, loadSettings, type Secret, type Settings, type SettingsResult } from '@paceline/runtime';
import { clickhouseOf, type SqlClient } from './clickhouse-access.ts';
import { CliError, exitCodes } from './exit-code.ts';
import { quietLogger } from './quiet-logger.ts';

export interface GlobalOptions {
  readonly dataDir: string;
  readonly settings?: string;
  readonly output: 'table' | 'json' | 'ndjson' | 'csv';
}

/** Everything a command may reach, made on first use and closed at the end. */
export class StackAccess {
  #run: RunFile | null | undefined;
  #kafka: KafkaConnection | undefined;
  #codec: Codec | undefined;
  #writer: KafkaFactWriter | undefined;
  #sql: SqlClient | undefined;

  constructor(readonly options: GlobalOptions) {}

  get dataDir(): string {
    return resolve(this.options.dataDir);
  }

  async run(): Promise<RunFile | null> {
    if (this.#run === undefined) this.#run = await readRunFile(this.dataDir);
    return this.#run;
  }

  settingsPath(): string {
    return resolve(this.options.settings ?? process.env['PACELINE_SETTINGS'] ?? join(this.dataDir, 'paceline.yaml'));
  }

  /** The settings with what is hardly meant, or every problem of them. */
  loadedSettings(): SettingsResult {
    return loadSettings(this.settingsPath());
  }

  settings(): Settings {
    const loaded = this.loadedSettings();
    if (!loaded.ok) throw new CliError(loaded.problems.join('\n'), exitCodes.usage);
    return loaded.settings;
  }

  async registry(): Promise<RegistrySettings> {
    const { SCHEMA_REGISTRY_USERNAME: username, SCHEMA_REGISTRY_PASSWORD: password } = process.env;
    const url = process.env['SCHEMA_REGISTRY_URL'] ?? (await this.run())?.urls.registry ?? missing('SCHEMA_REGISTRY_URL', this.dataDir);
    return { url, ...(username === undefined ? {} : { username, password: password ?? '' }) };
  }

  async kafka(): Promise<KafkaConnection> {
    if (this.#kafka !== undefined) return this.#kafka;
    const brokers = process.env['KAFKA_BROKERS'] ?? (await this.run())?.urls.kafka ?? missing('KAFKA_BROKERS', this.dataDir);
    this.#kafka = connectKafka({ ...kafkaConnectionOf(kafkaEnvironment(brokers)), clientId: 'paceline-cli' }, quietLogger);
    return this.#kafka;
  }

  async codec(): Promise<Codec> {
    return (this.#codec ??= new Codec(registryIds(await this.registry())));
  }

  async log(): Promise<KafkaLogReader> {
    return new KafkaLogReader({ kafka: await this.kafka(), codec: await this.codec() });
  }

  async writer(): Promise<KafkaFactWriter> {
    if (this.#writer !== undefined) return this.#writer;
    const codec = await this.codec();
    await codec.warm(['ControlSet', 'SuppressionSet']);
    this.#writer = new KafkaFactWriter({ kafka: await this.kafka(), codec, logger: quietLogger });
    await this.#writer.start();
    return this.#writer;
  }

  async sql(): Promise<SqlClient> {
    const url = process.env['CLICKHOUSE_URL'] ?? (await this.run())?.urls.clickhouse ?? missing('CLICKHOUSE_URL', this.dataDir);
    return (this.#sql ??= clickhouseOf(url));
  }

  async close(): Promise<void> {
    await this.#writer?.stop();
    await this.#sql?.close();
  }
}

function missing(variable: string, dataDir: string): never {
  throw new CliError(
    `nothing runs in ${dataDir} and ${variable} is not set: run \`npm start\`, or say where the servers are`,
    exitCodes.stack,
  );
}

/** The Kafka part of the services' environment, so that TLS and SASL work for commands as they do for services. */
function kafkaEnvironment(brokers: string): Parameters<typeof kafkaConnectionOf>[0] {
  const { env } = process;
  const secret = (name: string): Secret | undefined =>
    env[name] === undefined ? undefined : ({ reveal: () => env[name] ?? '' } as Secret);
  const fromFile = (name: string): string | undefined => {
    const file = env[`${name}_FILE`];
    return file === undefined ? env[name] : readFileSync(file, 'utf8');
  };
  return Object.fromEntries(
    Object.entries({
      KAFKA_BROKERS: brokers.split(','),
      KAFKA_SSL: env['KAFKA_SSL'] === 'true',
      KAFKA_SSL_CA: fromFile('KAFKA_SSL_CA'),
      KAFKA_SSL_CERT: fromFile('KAFKA_SSL_CERT'),
      KAFKA_SSL_KEY: secret('KAFKA_SSL_KEY'),
      KAFKA_SASL_MECHANISM: env['KAFKA_SASL_MECHANISM'],
      KAFKA_SASL_USERNAME: env['KAFKA_SASL_USERNAME'],
      KAFKA_SASL_PASSWORD: secret('KAFKA_SASL_PASSWORD'),
    }).filter(([, value]) => value !== undefined),
  ) as unknown as Parameters<typeof kafkaConnectionOf>[0];
}
