import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { z } from 'zod';
import { kafkaConnectionOf, registryOf } from './common-config.ts';
import { readConfiguration } from './read-configuration.ts';
import { secretValue } from './values.ts';

describe('the configuration of a service', () => {
  let folder: string;
  let env: Record<string, string>;
  const own = z.object({ CLICKHOUSE_URL: z.url().describe('URL of the engine'), CLICKHOUSE_PASSWORD: secretValue.exactOptional() });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
    const settings = join(folder, 'paceline.yaml');
    writeFileSync(
      settings,
      `accounts: [{name: demo, sid: AC${'0'.repeat(32)}, authToken: x, callsPerSecond: 1}]\ntracing: {ratio: 0.25}\n`,
    );
    env = {
      KAFKA_BROKERS: '127.0.0.1:18081, broker:9092',
      SCHEMA_REGISTRY_URL: 'http://127.0.0.1:18083/apis/ccompat/v7/',
      PACELINE_CONTACT_KEY: 'a key that is long enough',
      PACELINE_SETTINGS: settings,
      CLICKHOUSE_URL: 'http://127.0.0.1:18084',
    };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const configOf = () => {
    const read = readConfiguration(own, env);
    if (!read.ok) throw new Error(read.problems.join('\n'));
    return read.config;
  };
  const problemsOf = () => {
    const read = readConfiguration(own, env);
    return read.ok ? [] : read.problems;
  };

  test('reads common and own variables, with defaults', () => {
    expect(configOf()).toMatchObject({
      KAFKA_BROKERS: ['127.0.0.1:18081', 'broker:9092'],
      KAFKA_SSL: false,
      SCHEMA_REGISTRY_URL: 'http://127.0.0.1:18083/apis/ccompat/v7',
      HOST: '127.0.0.1',
      PORT: 8080,
      LOG_LEVEL: 'info',
      CLICKHOUSE_URL: 'http://127.0.0.1:18084',
    });
  });

  test('the trace ratio of the environment wins over the file', () => {
    expect(configOf().PACELINE_TRACE_RATIO).toBe(0.25);
    env['PACELINE_TRACE_RATIO'] = '1';
    expect(configOf().PACELINE_TRACE_RATIO).toBe(1);
  });

  test('problems of the environment and of the file come together, each by its name', () => {
    writeFileSync(String(env['PACELINE_SETTINGS']), 'accounts: []\n');
    Object.assign(env, { KAFKA_BROKERS: '', PORT: 'http', CLICKHOUSE_URL: 'no', PACELINE_CONTACT_KEY: 'short', KAFKA_SSL_CERT: 'x' });
    expect(problemsOf().map((problem) => problem.split(': ')[0])).toEqual([
      'KAFKA_BROKERS',
      'PACELINE_CONTACT_KEY',
      'PORT',
      'KAFKA_SSL_CERT',
      'KAFKA_SSL',
      'CLICKHOUSE_URL',
      'paceline.yaml:1 accounts',
    ]);
  });

  test('any variable may be given as a file, trimmed', () => {
    writeFileSync(join(folder, 'key'), '  another key, long enough \n');
    delete env['PACELINE_CONTACT_KEY'];
    env['PACELINE_CONTACT_KEY_FILE'] = join(folder, 'key');
    writeFileSync(join(folder, 'word'), 'pass\n');
    env['CLICKHOUSE_PASSWORD_FILE'] = join(folder, 'word');
    const config = configOf();
    expect(config.PACELINE_CONTACT_KEY.reveal()).toBe('another key, long enough');
    expect(config.CLICKHOUSE_PASSWORD?.reveal()).toBe('pass');
  });

  test('a file that is not there, and a value given twice, are told', () => {
    env['CLICKHOUSE_PASSWORD_FILE'] = join(folder, 'none');
    env['PACELINE_CONTACT_KEY_FILE'] = join(folder, 'none');
    expect(problemsOf()).toEqual([
      'PACELINE_CONTACT_KEY: set either PACELINE_CONTACT_KEY or PACELINE_CONTACT_KEY_FILE, not both',
      `CLICKHOUSE_PASSWORD_FILE: the file ${join(folder, 'none')} cannot be read (ENOENT)`,
    ]);
  });

  test('no secret is printed', () => {
    Object.assign(env, {
      CLICKHOUSE_PASSWORD: 'hush-hush',
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'hush-hush',
    });
    const config = configOf();
    const printed = JSON.stringify(config) + inspect(config, { depth: 9, showHidden: true });
    expect(printed).not.toMatch(/hush-hush|a key that/);
    env['PORT'] = '-1';
    expect(problemsOf().join()).not.toMatch(/hush-hush|a key that/);
  });

  test('TLS, mTLS, SASL and registry credentials are handed on', () => {
    expect(kafkaConnectionOf(configOf())).toEqual({ brokers: ['127.0.0.1:18081', 'broker:9092'] });
    env['KAFKA_SSL'] = 'true';
    expect(kafkaConnectionOf(configOf()).ssl).toBe(true);
    Object.assign(env, {
      KAFKA_SSL_CA: 'ca',
      KAFKA_SSL_CERT: 'cert',
      KAFKA_SSL_KEY: 'key',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD: 'p',
      SCHEMA_REGISTRY_USERNAME: 'r',
      SCHEMA_REGISTRY_PASSWORD: 's',
    });
    expect(kafkaConnectionOf(configOf())).toMatchObject({
      ssl: { ca: ['ca'], cert: 'cert', key: 'key' },
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
    });
    expect(registryOf(configOf())).toEqual({ url: 'http://127.0.0.1:18083/apis/ccompat/v7', username: 'r', password: 's' });
  });
});
