// The product as it runs anywhere, without ingestor, archiver and ClickHouse: real servers, every service a process of its own.
// What was started is on record in run.json by pid and is stopped by it, however the benchmark ends.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  applyTopics,
  connectKafka,
  KafkaFactWriter,
  KafkaLogReader,
  type AdapterLogger,
  type KafkaConnection,
} from '@paceline/adapter-kafka';
import { applySchemas, Codec, registryIds } from '@paceline/contracts';
import {
  ensureContactKey,
  isRunning,
  portOf,
  readRunFile,
  requireFreePorts,
  startService,
  startServices,
  startStack,
  stopService,
  stopStack,
  writeRunFile,
  type ProcessRecord,
  type RunFile,
} from '@paceline/local';
import type { OutputRecord } from '@paceline/pipeline';
import { controlRecord, type Wish } from './bench-rows.ts';
import { settingsText, sidOf, type BenchAccount } from './bench-settings.ts';
import type { MeteredProcess } from './cpu-meter.ts';
import { putFirst } from './first-on-core.ts';
import { Ledger } from './ledger.ts';
import { startTicksOf } from './proc-stat.ts';
import { startRedis, type Redis } from './redis.ts';
import { metricsPage } from './scrape.ts';

export interface WorldOptions {
  readonly dataDir: string;
  readonly portBase: number;
  readonly accounts: readonly BenchAccount[];
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

const services = ['simulator', 'error-router', 'sender', 'pacer'] as const;

/** Ports beside those of the stack. */
const offsets = { redis: 20, 'pacer-2': 22, 'sender-2': 23 } as const;
type Second = 'pacer-2' | 'sender-2';

const logger: AdapterLogger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** No limit of the simulator's own: cases that want one set it. */
const unlimited = { cap: 100_000, capByAccount: {}, latency: { medianMs: 98, p99Ms: 120 } };

export class BenchWorld {
  readonly ledger: Ledger;
  readonly contactKey: string;
  /** Null when none is installed. */
  readonly redis: Redis | null;

  private constructor(
    readonly options: WorldOptions,
    private readonly parts: WorldParts,
  ) {
    this.ledger = new Ledger(`http://127.0.0.1:${portOf(options.portBase, 'simulator')}`);
    this.contactKey = parts.contactKey;
    this.redis = parts.redis;
  }

  static async start(options: WorldOptions): Promise<BenchWorld> {
    const { dataDir, portBase, print, signal } = options;
    const ports = [portOf(portBase, 'simulator'), ...Object.values(offsets).map((offset) => portBase + offset)];
    await requireFreePorts(ports, 'the benchmark');
    const stack = await startStack({ dataDir, portBase, parts: ['kafka', 'registry'], given: {}, print, signal });
    try {
      return await startWorld(options, { brokers: stack.urls.kafka ?? '', registry: stack.urls.registry ?? '' });
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  static async assemble(options: WorldOptions, urls: Urls): Promise<BenchWorld> {
    const { dataDir, portBase } = options;
    const kafka = connectKafka({ brokers: urls.brokers.split(','), clientId: 'paceline-benchmark' }, logger);
    await applyTopics(kafka);
    await applySchemas({ url: urls.registry });
    const codec = new Codec(registryIds({ url: urls.registry }));
    await codec.warm(['ControlSet', 'RequestAdmitted']);
    const writer = new KafkaFactWriter({ kafka, codec, logger });
    await writer.start();
    const contactKey = readFileSync(await ensureContactKey(dataDir), 'utf8').trim();
    const redis = await startRedis(portBase + offsets.redis);
    if (redis !== null) await recordRedis(dataDir, redis);
    return new BenchWorld(options, { kafka, codec, writer, contactKey, redis });
  }

  get signal(): AbortSignal {
    return this.options.signal;
  }

  wait(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.signal });
  }

  /** The sid by which the ledger knows an account. */
  sidOf(account: string): string {
    return sidOf(this.options.accounts.findIndex(({ name }) => name === account));
  }

  resetSimulator(): Promise<void> {
    return this.ledger.configure(unlimited);
  }

  write(records: readonly OutputRecord[]): Promise<void> {
    return this.parts.writer.write(records);
  }

  /** Returns the instant just before the wishes were written, UTC microseconds. */
  async wish(...wishes: readonly Wish[]): Promise<number> {
    const at = nowMicros();
    await this.write(wishes.map((one) => controlRecord(one, at)));
    return at;
  }

  logReader(): KafkaLogReader {
    return new KafkaLogReader(this.parts);
  }

  /** Everything that the run started and that runs now. */
  async processes(): Promise<MeteredProcess[]> {
    const run = await readRunFile(this.options.dataDir);
    return (run?.processes ?? []).filter(({ state }) => state === 'running').map(({ name, pid }) => ({ name, pid }));
  }

  /** Throws when a process of the run has ended; it is started again first, for the cases to come. */
  async requireAllAlive(): Promise<void> {
    const run = await readRunFile(this.options.dataDir);
    const ended: string[] = [];
    for (const record of run?.processes ?? []) {
      if (record.state !== 'running' || (await isRunning(record))) continue;
      ended.push(record.name);
      this.options.print(`  ${record.name} has ended; its log is ${record.logFile}`);
      if (record.name !== 'redis') await startService(this.options.dataDir, record.name, this.signal);
    }
    if (ended.length > 0) throw new Error(`${ended.join(', ')} ended during the case`);
  }

  /** The metrics pages of every pacer. */
  pacerPages(): Promise<string[]> {
    const { portBase } = this.options;
    return Promise.all([portOf(portBase, 'pacer'), portBase + offsets['pacer-2']].map(metricsPage));
  }

  /** A second pacer and a second sender join the groups. */
  async startSeconds(): Promise<void> {
    for (const name of Object.keys(offsets).filter((one): one is Second => one !== 'redis')) {
      await recordSecond(this.options, name);
      await startService(this.options.dataDir, name, this.signal);
    }
  }

  async stopSeconds(): Promise<void> {
    for (const name of ['pacer-2', 'sender-2']) await stopService(this.options.dataDir, name);
  }

  async stop(): Promise<void> {
    await this.parts.writer.stop().catch(() => undefined);
    await stopStack(this.options.dataDir);
    await this.redis?.stop();
  }
}

interface WorldParts {
  readonly kafka: KafkaConnection;
  readonly codec: Codec;
  readonly writer: KafkaFactWriter;
  readonly contactKey: string;
  readonly redis: Redis | null;
}

interface Urls {
  readonly brokers: string;
  readonly registry: string;
}

async function startWorld(options: WorldOptions, urls: Urls): Promise<BenchWorld> {
  const { dataDir, portBase, accounts, print, signal } = options;
  const settings = join(dataDir, 'paceline.yaml');
  writeFileSync(settings, settingsText(accounts, portBase));
  const world = await BenchWorld.assemble(options, urls);
  await startServices({ dataDir, services, settings, env: { LOG_LEVEL: 'warn' }, signal });
  const simulator = (await world.processes()).find(({ name }) => name === 'simulator');
  if (simulator === undefined || !putFirst(simulator.pid))
    print('the simulator has no right to go before the others: its wait for a core counts as ours');
  await world.resetSimulator();
  print(`runs: kafka, registry, ${services.join(', ')}${world.redis === null ? '' : `, redis ${world.redis.version}`}`);
  return world;
}

export const nowMicros = (): number => Math.round((performance.timeOrigin + performance.now()) * 1_000);

async function changeRun(dataDir: string, change: (run: RunFile) => RunFile): Promise<void> {
  const run = await readRunFile(dataDir);
  if (run === null) throw new Error(`${dataDir} holds no run.json`);
  await writeRunFile(dataDir, change(run));
}

const withRecord = (run: RunFile, record: ProcessRecord): RunFile => ({
  ...run,
  processes: [...run.processes.filter(({ name }) => name !== record.name), record],
});

/** On record, so that a later start finds and ends it if this process is killed. */
function recordRedis(dataDir: string, { pid, port }: Redis): Promise<void> {
  const now = new Date().toISOString();
  const place = { cwd: dataDir, logFile: join(dataDir, 'logs', 'redis.log'), ports: [port], healthUrl: null };
  const life = { readyWithinMs: 5_000, stopWithinMs: 5_000, pid, startedAt: startTicksOf(pid), readyAt: now, state: 'running' } as const;
  const record = { name: 'redis', command: ['redis-server'], env: {}, withheldEnv: [], ...place, ...life };
  return changeRun(dataDir, (run) => withRecord(run, record));
}

/** The second of its kind: as the first, with a name, a port and a folder for its state of its own. */
function recordSecond({ dataDir, portBase }: WorldOptions, name: Second): Promise<void> {
  const port = portBase + offsets[name];
  const own = join(dataDir, name);
  if (!existsSync(own)) mkdirSync(own, { recursive: true });
  return changeRun(dataDir, (run) => {
    const first = run.processes.find((one) => one.name === name.replace('-2', ''));
    if (first === undefined) throw new Error(`${name}: there is no first of its kind`);
    const env = { ...first.env, PORT: String(port), PACELINE_DATA_DIR: own };
    const place = { ports: [port], healthUrl: `http://127.0.0.1:${port}/readyz`, logFile: join(dataDir, 'logs', `${name}.log`) };
    return withRecord(run, { ...first, ...place, name, env, pid: 0, startedAt: 'never', readyAt: null, state: 'stopped' });
  });
}
