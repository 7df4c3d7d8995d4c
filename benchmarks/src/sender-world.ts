// Servers and services of the sender's and the router's benchmarks: what is measured, its simulator, and Kafka.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { applyTopics, connectKafka, KafkaFactWriter, KafkaLogReader, type AdapterLogger } from '@paceline/adapter-kafka';
import { applySchemas, Codec, registryIds } from '@paceline/contracts';
import {
  ensureContactKey,
  isRunning,
  portOf,
  readRunFile,
  startService,
  startServices,
  startStack,
  stopService,
  stopStack,
  type ServiceName,
  type StackUrls,
} from '@paceline/local';
import type { OutputRecord } from '@paceline/pipeline';
import { settingsText, sidOf, type BenchAccount } from './world/bench-settings.ts';
import type { MeteredProcess } from './world/cpu-meter.ts';
import { putFirst } from './world/first-on-core.ts';
import { Ledger } from './world/ledger.ts';

export interface WorldTerms {
  readonly dataDir: string;
  readonly portBase: number;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

const logger: AdapterLogger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** The most that settings allow: nothing but the sender decides, since the slots are put straight into their topic. */
export const benchAccount: BenchAccount = { name: 'bench', callsPerSecond: 2_000, maxInFlight: 5_000, senders: [] };
export const benchSid = sidOf(0);

/** The simulator answers every call after the same time and refuses none for its number. */
export const simulated = (latencyMs: number): object => ({ cap: 100_000, latency: { medianMs: latencyMs, p99Ms: latencyMs } });

export class SenderWorld {
  readonly ledger: Ledger;

  private constructor(
    readonly terms: WorldTerms,
    readonly contactKey: string,
    private readonly parts: { readonly codec: Codec; readonly writer: KafkaFactWriter; readonly reader: KafkaLogReader },
  ) {
    this.ledger = new Ledger(`http://127.0.0.1:${portOf(terms.portBase, 'simulator')}`);
  }

  /** Servers, topics, schemas and the simulator. */
  static async start(terms: WorldTerms): Promise<SenderWorld> {
    const { dataDir, portBase, print, signal } = terms;
    mkdirSync(dataDir, { recursive: true });
    const stack = await startStack({ dataDir, portBase, parts: ['kafka', 'registry'], given: {}, print, signal });
    try {
      writeFileSync(join(dataDir, 'paceline.yaml'), settingsText([benchAccount], portBase));
      const contactKey = readFileSync(await ensureContactKey(dataDir), 'utf8').trim();
      const world = new SenderWorld(terms, contactKey, await kafkaParts(stack.urls));
      await world.run(['simulator']);
      if (!putFirst(await world.pidOf('simulator'))) {
        print('the simulator has no right to go before the others: its wait for a core counts as that of who called it');
      }
      return world;
    } catch (error) {
      await stopStack(dataDir);
      throw error;
    }
  }

  async run(services: readonly ServiceName[]): Promise<void> {
    const { dataDir, signal } = this.terms;
    const env = { LOG_LEVEL: 'warn', PACELINE_TRACE_RATIO: '0' };
    await startServices({ dataDir, services, settings: join(dataDir, 'paceline.yaml'), env, signal });
  }

  async restart(name: ServiceName): Promise<void> {
    await stopService(this.terms.dataDir, name);
    await startService(this.terms.dataDir, name, this.terms.signal);
  }

  wait(ms: number): Promise<void> {
    return delay(Math.max(0, ms), undefined, { signal: this.terms.signal });
  }

  write(records: readonly OutputRecord[]): Promise<void> {
    return this.parts.writer.write(records);
  }

  get reader(): KafkaLogReader {
    return this.parts.reader;
  }

  async processes(): Promise<MeteredProcess[]> {
    const run = await readRunFile(this.terms.dataDir);
    return (run?.processes ?? []).filter(({ state }) => state === 'running').map(({ name, pid }) => ({ name, pid }));
  }

  async pidOf(name: ServiceName): Promise<number> {
    return (await this.processes()).find((one) => one.name === name)?.pid ?? 0;
  }

  /** Throws when something that was started has ended. */
  async requireAllAlive(): Promise<void> {
    const run = await readRunFile(this.terms.dataDir);
    for (const record of run?.processes ?? []) {
      if (record.state === 'running' && !(await isRunning(record)))
        throw new Error(`${record.name} has ended; its log is ${record.logFile}`);
    }
  }

  async stop(): Promise<void> {
    await this.parts.writer.stop().catch(() => undefined);
    await stopStack(this.terms.dataDir);
  }
}

async function kafkaParts(urls: StackUrls): Promise<{ codec: Codec; writer: KafkaFactWriter; reader: KafkaLogReader }> {
  const kafka = connectKafka({ brokers: (urls.kafka ?? '').split(','), clientId: 'paceline-benchmark' }, logger);
  const registry = { url: urls.registry ?? '' };
  await Promise.all([applyTopics(kafka), applySchemas(registry)]);
  const codec = new Codec(registryIds(registry));
  await codec.warm(['SlotGranted', 'AttemptStarted', 'ResponseRecorded']);
  const writer = new KafkaFactWriter({ kafka, codec, logger });
  await writer.start();
  return { codec, writer, reader: new KafkaLogReader({ kafka, codec }) };
}
