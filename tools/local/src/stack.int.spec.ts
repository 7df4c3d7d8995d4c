import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { Kafka, logLevel } from 'kafkajs';
import {
  isRunning,
  portOf,
  readRunFile,
  stopService,
  startService,
  sourceCommand,
  StackError,
  startStack,
  supervise,
  workspaceRoot,
  type PartName,
  type ProcessRecord,
  type Stack,
} from './index.ts';
import { isFree } from './ports.ts';

const given = {};
const stackPorts = ['kafka', 'controller', 'registry', 'clickhouse', 'collector'] as const;

let dataDir: string;
let base: number;

async function freeBase(): Promise<number> {
  for (let candidate = 20_000 + (process.pid % 900) * 20; candidate < 40_000; candidate += 20) {
    const free = await Promise.all(stackPorts.map((name) => isFree(portOf(candidate, name))));
    if (free.every(Boolean)) return candidate;
  }
  throw new Error('no stretch of free ports');
}

const start = (parts: readonly PartName[]): Promise<Stack> => startStack({ dataDir, portBase: base, parts, given });

async function processNamed(name: string): Promise<ProcessRecord> {
  const record = (await readRunFile(dataDir))?.processes.find((one) => one.name === name);
  if (record === undefined) throw new Error(`${name} is not on record`);
  return record;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await holds().catch(() => false)) return;
    await delay(50);
  }
  throw new Error(`not reached: ${what}`);
}

beforeAll(async () => {
  base = await freeBase();
});

describe('the servers', () => {
  let stack: Stack;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'paceline-stack-'));
    stack = await start(['kafka', 'registry', 'clickhouse', 'collector']);
  });

  afterAll(async () => {
    await stack.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const kafka = (): Kafka => new Kafka({ brokers: [stack.urls.kafka ?? ''], logLevel: logLevel.NOTHING });
  const registry = (): SchemaRegistry => new SchemaRegistry({ host: stack.urls.registry ?? '' });
  const clickhouse = () => createClient({ url: stack.urls.clickhouse ?? '', log: { level: ClickHouseLogLevel.OFF } });
  const schema = (type: string) => JSON.stringify({ type: 'record', name: 'Seen', namespace: 'stack', fields: [{ name: 'at', type }] });

  it('Kafka creates topics only when asked to', async () => {
    const admin = kafka().admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'asked', numPartitions: 2 }] });
    await expect(admin.fetchTopicMetadata({ topics: ['not-asked'] })).rejects.toThrow();
    expect(await admin.listTopics()).toContain('asked');
    await admin.disconnect();
  });

  it('the registry refuses an incompatible schema', async () => {
    const { id } = await registry().register({ type: SchemaType.AVRO, schema: schema('long') }, { subject: 'stack.Seen' });
    expect(id).toBeGreaterThan(0);
    await expect(registry().register({ type: SchemaType.AVRO, schema: schema('string') }, { subject: 'stack.Seen' })).rejects.toMatchObject(
      {
        status: 409,
      },
    );
  });

  it('ClickHouse stores a block with the same token once', async () => {
    const client = clickhouse();
    await client.command({
      query: 'CREATE TABLE seen (n UInt32) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100',
    });
    const block = { table: 'seen', values: [{ n: 1 }, { n: 2 }], format: 'JSONEachRow' as const };
    for (let sent = 0; sent < 3; sent += 1) {
      await client.insert({ ...block, clickhouse_settings: { insert_deduplication_token: 'block-1' } });
    }
    const result = await client.query({ query: 'SELECT count() AS rows FROM seen', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ rows: 2 }]);
    await client.close();
  });

  it('the collector keeps a span in its file and in ClickHouse', async () => {
    const span = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), name: 'call', startTimeUnixNano: `${Date.now()}000000` };
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, endTimeUnixNano: `${Date.now()}000000` }] }] }] });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${stack.urls.collector ?? ''}/v1/traces`, { method: 'POST', headers, body })).status).toBe(200);
    expect(await readFile(join(dataDir, 'traces.jsonl'), 'utf8')).toContain(span.traceId);
    const client = clickhouse();
    await until('the span is in otel_traces', async () => {
      const result = await client.query({ query: 'SELECT TraceId FROM paceline.otel_traces', format: 'JSONEachRow' });
      return (await result.json<{ TraceId: string }>()).some(({ TraceId }) => TraceId === span.traceId);
    });
    await client.close();
  });

  it('topics, schemas and rows outlive a restart of the stack, and its ports are free in between', async () => {
    await stack.stop();
    expect(await Promise.all(stackPorts.map((name) => isFree(portOf(base, name))))).toEqual(stackPorts.map(() => true));
    expect((await readRunFile(dataDir))?.processes.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped', 'stopped']);
    stack = await start(['kafka', 'registry', 'clickhouse', 'collector']);
    const admin = kafka().admin();
    await admin.connect();
    expect(await admin.listTopics()).toContain('asked');
    await admin.disconnect();
    expect(await registry().getLatestSchemaId('stack.Seen')).toBeGreaterThan(0);
    const client = clickhouse();
    const rows = await client.query({ query: 'SELECT count() AS rows FROM seen', format: 'JSONEachRow' });
    expect(await rows.json()).toEqual([{ rows: 2 }]);
    await client.close();
  });
});

/** The test run's own servers must not stand in for those that a spec starts. */
function ownServers(): NodeJS.ProcessEnv {
  const given = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'CLICKHOUSE_URL', 'NODE_OPTIONS'];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !given.includes(name)));
}

describe('processes', () => {
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'paceline-processes-'));
  });

  afterEach(async () => {
    expect(await isFree(portOf(base, 'clickhouse'))).toBe(true);
  });

  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  it('a taken port is one line that names it and the setting, with exit code 5', async () => {
    const other = createServer().listen(portOf(base, 'clickhouse'), '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const refusal: unknown = await start(['clickhouse']).catch((error: unknown) => error);
    other.close();
    await once(other, 'close');
    expect(refusal).toBeInstanceOf(StackError);
    expect(refusal).toMatchObject({ exitCode: 5 });
    expect(String(refusal)).toMatch(new RegExp(`port ${port} .*--port-base`));
    expect(String(refusal)).not.toContain('\n');
  });

  it('one that dies is started again; one that was stopped stays so until it is started', async () => {
    const stack = await start(['clickhouse']);
    const supervision = supervise({ dataDir, print: () => undefined });
    const first = await processNamed('clickhouse');
    process.kill(first.pid, 'SIGKILL');
    await until('clickhouse is back', async () => {
      const { pid, readyAt } = await processNamed('clickhouse');
      return pid !== first.pid && readyAt !== null;
    });
    expect(await stopService(dataDir, 'clickhouse')).toBe('stopped');
    expect((await processNamed('clickhouse')).state).toBe('stopped');
    const again = await startService(dataDir, 'clickhouse');
    expect(await isRunning(again)).toBe(true);
    await supervision.stop();
    await stack.stop();
  });

  it('what a killed stack left running is stopped by the next start in its folder', async () => {
    const [node = '', ...args] = sourceCommand('tools/local/src/stack-main.ts');
    const options = ['--data-dir', dataDir, '--port-base', String(base), '--parts', 'clickhouse'];
    const killed = spawn(node, [...args, ...options], { cwd: workspaceRoot, env: ownServers(), stdio: ['ignore', 'pipe', 'ignore'] });
    await once(killed.stdout, 'data');
    const orphan = await processNamed('clickhouse');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(await isRunning(orphan)).toBe(true);
    const stack = await start(['clickhouse']);
    expect(await isRunning(orphan)).toBe(false);
    await stack.stop();
  });

  it('a folder in use by a living stack is refused', async () => {
    const [node = '', ...args] = sourceCommand('tools/local/src/stack-main.ts');
    const options = ['--data-dir', dataDir, '--port-base', String(base), '--parts', 'clickhouse'];
    const living = spawn(node, [...args, ...options], { cwd: workspaceRoot, env: ownServers(), stdio: ['ignore', 'pipe', 'ignore'] });
    await once(living.stdout, 'data');
    await expect(start(['clickhouse'])).rejects.toThrow(`in use by process ${living.pid ?? 0}`);
    living.kill('SIGTERM');
    expect(await once(living, 'exit')).toEqual([0, null]);
  });
});
