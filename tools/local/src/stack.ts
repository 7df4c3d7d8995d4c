// Starts the servers that Paceline's services talk to, and owns their end. A server that is given by URL is not started.
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { brokersRefusal, requireBrokers } from './broker-count.ts';
import { startClickHouse } from './clickhouse.ts';
import { startCollector } from './collector.ts';
import { startKafkaContainer, startRegistryContainer } from './docker.ts';
import type { Print } from './jars.ts';
import { startKafka } from './kafka.ts';
import { launchTogether, type Launched } from './launch.ts';
import { isRunning, startTimeOf, stopProcess } from './pids.ts';
import {
  bootstrapOf,
  brokersOf,
  defaultPortBase,
  isBroker,
  loopback,
  portOf,
  requireFreePorts,
  type BrokerCount,
  type BrokerPorts,
} from './ports.ts';
import { preflight, type Host } from './preflight.ts';
import { markReady, recordingHooks } from './processes.ts';
import { registryUrl, startRegistry } from './registry.ts';
import { changeRunFile, readRunFile, runFileVersion, writeRunFile, type RunFile, type StackUrls } from './run-file.ts';
import { StackError } from './stack-error.ts';

export const partNames = ['kafka', 'registry', 'clickhouse', 'collector'] as const;
export type PartName = (typeof partNames)[number];

export function isPartName(name: string): name is PartName {
  return (partNames as readonly string[]).includes(name);
}

export interface StackOptions {
  readonly dataDir: string;
  readonly portBase?: number;
  /** What is wanted; Kafka, registry and ClickHouse unless said otherwise. */
  readonly parts?: readonly PartName[];
  /** Brokers of Kafka; one unless said otherwise. */
  readonly brokers?: BrokerCount;
  /** Servers that run already; from KAFKA_BROKERS, SCHEMA_REGISTRY_URL and CLICKHOUSE_URL unless said otherwise. */
  readonly given?: GivenUrls;
  readonly clickhousePassword?: string;
  readonly print?: Print;
  /** Aborting it stops what was started so far; startStack then throws. */
  readonly signal?: AbortSignal;
}

export interface GivenUrls {
  readonly kafka?: string | undefined;
  readonly registry?: string | undefined;
  readonly clickhouse?: string | undefined;
}

export interface Stack {
  readonly dataDir: string;
  readonly portBase: number;
  readonly urls: StackUrls;
  /** Stops every recorded process, the services on top included: services, then simulator and collector, then servers. */
  stop(): Promise<void>;
}

interface Start {
  readonly dataDir: string;
  readonly base: number;
  readonly brokers: readonly BrokerPorts[];
  readonly urls: StackUrls;
  readonly print: Print;
  readonly signal: AbortSignal | undefined;
  readonly clickhousePassword: string | undefined;
}

const usualParts: readonly PartName[] = ['kafka', 'registry', 'clickhouse'];

export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = resolve(options.dataDir);
  const { given = givenByEnvironment(), parts: wanted = usualParts, portBase: base = defaultPortBase } = options;
  const { signal, clickhousePassword, brokers: count = 1, print = () => undefined } = options;
  const refusal = brokersRefusal(count, given.kafka);
  if (refusal !== null) throw new StackError(refusal);
  const parts = wanted.filter((part) => part === 'collector' || given[part] === undefined);
  const brokers = brokersOf(base, count);
  await mkdir(dataDir, { recursive: true });
  await clearLeftovers(dataDir);
  const host = await requireHost(parts, { dataDir, base, print, count });
  const urls = urlsOf(wanted, given, { base, brokers });
  await writeRunFile(dataDir, await emptyRun(dataDir, base, urls));
  try {
    await startParts(parts, host, { dataDir, base, brokers, urls, print, signal, clickhousePassword });
  } catch (error) {
    await stopStack(dataDir);
    throw error;
  }
  return { dataDir, portBase: base, urls, stop: () => stopStack(dataDir) };
}

/** Everything that can be refused before anything is fetched or started. */
async function requireHost(
  parts: readonly PartName[],
  { dataDir, base, print, count }: Pick<Start, 'dataDir' | 'base' | 'print'> & { readonly count: BrokerCount },
): Promise<Host | null> {
  const serversNeeded = parts.includes('kafka') || parts.includes('registry');
  const { host, lines } = await preflight({ dataDir, serversNeeded, brokers: count });
  for (const line of lines) print(line);
  if (parts.includes('kafka')) requireBrokers(count, { host, dataDir });
  const ports = { base, brokers: brokersOf(base, count) };
  for (const part of parts) await requireFreePorts(portsOf(part, ports), part);
  return host;
}

export function givenByEnvironment(): GivenUrls {
  const { KAFKA_BROKERS: kafka, SCHEMA_REGISTRY_URL: registry, CLICKHOUSE_URL: clickhouse } = process.env;
  return { kafka, registry, clickhouse };
}

type Ports = Pick<Start, 'base' | 'brokers'>;

function portsOf(part: PartName, { base, brokers }: Ports): number[] {
  return part === 'kafka' ? brokers.flatMap(({ port, controllerPort }) => [port, controllerPort]) : [portOf(base, part)];
}

function urlsOf(parts: readonly PartName[], given: GivenUrls, { base, brokers }: Ports): StackUrls {
  const own = (part: PartName, url: string): string | null => (parts.includes(part) ? url : null);
  return {
    kafka: given.kafka ?? own('kafka', bootstrapOf(brokers)),
    registry: given.registry ?? own('registry', registryUrl(portOf(base, 'registry'))),
    clickhouse: given.clickhouse ?? own('clickhouse', `http://${loopback}:${portOf(base, 'clickhouse')}`),
    simulator: null,
    collector: own('collector', `http://${loopback}:${portOf(base, 'collector')}`),
  };
}

async function emptyRun(dataDir: string, portBase: number, urls: StackUrls): Promise<RunFile> {
  const supervisor = { pid: process.pid, startedAt: (await startTimeOf(process.pid)) ?? '' };
  return { schemaVersion: runFileVersion, dataDir, portBase, supervisor, startedAt: new Date().toISOString(), urls, processes: [] };
}

/**
 * The servers do not depend on each other, but all are needed: the first that fails calls the others off. Only the
 * collector writes to ClickHouse.
 */
async function startParts(parts: readonly PartName[], host: Host | null, start: Start): Promise<void> {
  const servers = parts.filter((part) => part !== 'collector');
  await launchTogether(
    servers.map((part) => (signal: AbortSignal) => startRecorded(part, host, { ...start, signal })),
    start.signal,
  );
  if (parts.includes('collector')) await startRecorded('collector', host, start);
}

async function startRecorded(part: PartName, host: Host | null, start: Start): Promise<void> {
  for (const { plan, readyAt } of await startPart(part, host, start)) await markReady(start.dataDir, { name: plan.name, readyAt });
}

async function startPart(part: PartName, host: Host | null, start: Start): Promise<readonly Launched[]> {
  const { dataDir, base, print, signal } = start;
  const place = { dataDir, port: portOf(base, part), print, hooks: recordingHooks(dataDir, signal) };
  switch (part) {
    case 'clickhouse':
      return [await startClickHouse({ ...place, password: start.clickhousePassword })];
    case 'collector':
      return [await startCollector({ ...place, clickhouse: start.urls.clickhouse })];
    case 'kafka':
      return host?.kind === 'java'
        ? startKafka({ ...place, brokers: start.brokers, java: host.java.path })
        : [await startKafkaContainer({ ...place, controllerPort: portOf(base, 'controller') })];
    default:
      return [await (host?.kind === 'java' ? startRegistry({ ...place, java: host.java }) : startRegistryContainer(place))];
  }
}

/** What an earlier start left running after it was killed is stopped; a living one is not touched. */
async function clearLeftovers(dataDir: string): Promise<void> {
  const run = await readRunFile(dataDir);
  if (run === null) return;
  const { supervisor } = run;
  if (supervisor !== null && supervisor.pid !== process.pid && (await isRunning(supervisor))) {
    throw new StackError(`${dataDir} is in use by process ${supervisor.pid}: stop it, or choose another folder with --data-dir DIR.`);
  }
  await stopStack(dataDir);
}

/** Services first, then what they talk to. Each is marked as stopped before it is signalled, so that nobody starts it again. */
export async function stopStack(dataDir: string): Promise<void> {
  const run = await changeRunFile(dataDir, (before) => ({
    ...before,
    processes: before.processes.map((record) => ({ ...record, state: 'stopped' as const })),
  }));
  for (const tier of [2, 1, 0]) {
    const together = run.processes.filter(({ name }) => tierOf(name) === tier);
    await Promise.all(together.map((record) => stopProcess(record, record.stopWithinMs)));
  }
  await changeRunFile(dataDir, (before) => ({ ...before, supervisor: null }));
}

function tierOf(name: string): number {
  if (isBroker(name) || ['registry', 'clickhouse'].includes(name)) return 0;
  return ['simulator', 'collector'].includes(name) ? 1 : 2;
}
