// Paceline's own services from their sources, on top of the servers that run.json names.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { clickHousePasswordEnv } from './clickhouse.ts';
import type { LaunchPlan } from './launch.ts';
import { loopback, portOf, requireFreePorts } from './ports.ts';
import { launchRecorded } from './processes.ts';
import { changeRunFile, requireRunFile, type ProcessRecord, type RunFile } from './run-file.ts';
import { sourceCommand, workspaceRoot } from './workspace.ts';

export const serviceNames = ['simulator', 'archiver', 'error-router', 'sender', 'pacer', 'ingestor'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** No helper threads that whoever stands still has to wait for (docs/explanation/tuning.md). The Compose file says the same. */
const alone = ['scavenge', 'marking', 'compaction', 'pointer-update', 'weak-ref-clearing'].map((work) => `--no-parallel-${work}`);
const shortPauses = ['--max-semi-space-size=2', ...alone];
const flagsOf: Partial<Record<string, readonly string[]>> = {
  // Its pauses move arrivals, which are the measure of all others: a small young generation makes them short.
  simulator: shortPauses,
  // Of its main thread: with a large one, thousands of calls under way take 550 MB instead of 390. Its firing thread sets its own.
  sender: shortPauses,
  pacer: alone,
  'error-router': alone,
} satisfies Partial<Record<ServiceName, readonly string[]>>;

/** One pool of malloc's memory for each thread holds on to what others need: a sender takes 30 MB less with two. The Dockerfile says the same. */
const memoryEnv = () => ({ MALLOC_ARENA_MAX: process.env['MALLOC_ARENA_MAX'] ?? '2' });

/** Flags of Node that a service runs with. */
export const nodeFlagsOf = (service: string): readonly string[] => flagsOf[service] ?? [];

export interface ServicesOptions {
  readonly dataDir: string;
  readonly services: readonly ServiceName[];
  /** Path of the settings file. */
  readonly settings: string;
  /** Environment for every service; a secret is better given as NAME_FILE. */
  readonly env?: Readonly<Record<string, string>>;
  /** Environment of single services; it wins. */
  readonly envOf?: Partial<Record<ServiceName, Readonly<Record<string, string>>>>;
  readonly signal?: AbortSignal;
}

/** Starts the services at once and resolves when each answers /readyz. Throws at the first that does not; the others run on. */
export async function startServices(options: ServicesOptions): Promise<readonly ProcessRecord[]> {
  const dataDir = resolve(options.dataDir);
  const run = await requireRunFile(dataDir);
  const shared = { ...sharedEnv(run, options.settings), ...(await contactKeyEnv(dataDir, options.env)), ...options.env };
  const plans = options.services.map((name) => planOf(name, run, { ...shared, ...ownEnv(name, dataDir), ...options.envOf?.[name] }));
  for (const plan of plans) await requireFreePorts(plan.ports, plan.name);
  const results = await Promise.allSettled(plans.map((plan) => launchRecorded(dataDir, plan, options.signal)));
  if (options.services.includes('simulator')) await recordSimulator(dataDir);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

function planOf(name: ServiceName, run: RunFile, env: Readonly<Record<string, string>>): LaunchPlan {
  const port = portOf(run.portBase, name);
  return {
    name,
    command: sourceCommand(`apps/${name}/src/main.ts`, nodeFlagsOf(name)),
    env: { ...memoryEnv(), ...env, HOST: loopback, PORT: String(port) },
    cwd: workspaceRoot,
    logFile: join(run.dataDir, 'logs', `${name}.log`),
    ports: [port],
    healthUrl: `http://${loopback}:${port}/readyz`,
    readyWithinMs: 120_000,
    stopWithinMs: 20_000,
  };
}

function sharedEnv({ dataDir, urls }: RunFile, settings: string): Record<string, string> {
  const known: Record<string, string | null> = {
    KAFKA_BROKERS: urls.kafka,
    SCHEMA_REGISTRY_URL: urls.registry,
    CLICKHOUSE_URL: urls.clickhouse,
    // A collector of the user's own is preferred; ours keeps the spans in ClickHouse for `inspect`.
    OTEL_EXPORTER_OTLP_ENDPOINT: process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? urls.collector,
    PACELINE_SETTINGS: resolve(settings),
    PACELINE_DATA_DIR: dataDir,
  };
  const set = Object.entries(known).filter((entry): entry is [string, string] => entry[1] !== null);
  return { ...Object.fromEntries(set), ...clickHousePasswordEnv(dataDir) };
}

function ownEnv(name: ServiceName, dataDir: string): Record<string, string> {
  return name === 'simulator' ? { SIMULATOR_LEDGER: join(dataDir, 'ledger.ndjson') } : {};
}

/** The key of the contact hashes: the caller's, or one made once for this data folder and kept. */
async function contactKeyEnv(dataDir: string, given: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  const names = ['PACELINE_CONTACT_KEY', 'PACELINE_CONTACT_KEY_FILE'];
  if (names.some((name) => given[name] !== undefined || process.env[name] !== undefined)) return {};
  return { PACELINE_CONTACT_KEY_FILE: await ensureContactKey(dataDir) };
}

/** Path of the data folder's own contact key; made at the first call. */
export async function ensureContactKey(dataDir: string): Promise<string> {
  const file = join(resolve(dataDir), 'contact.key');
  if (!existsSync(file)) await writeFile(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}

async function recordSimulator(dataDir: string): Promise<void> {
  await changeRunFile(dataDir, (run) => ({
    ...run,
    urls: { ...run.urls, simulator: `http://${loopback}:${portOf(run.portBase, 'simulator')}` },
  }));
}
