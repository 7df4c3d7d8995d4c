// `npm start`: the stack, the services, the files, the progress, the report. Whatever happens, what was started is stopped.
import { existsSync, rmSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import {
  brokersRefusal,
  givenByEnvironment,
  requireFreePorts,
  portOf,
  serviceNames,
  startServices,
  startStack,
  stopStack,
  supervise,
  watchStart,
  type ServiceName,
} from '@paceline/local';
import { loadSettings, type Settings } from '@paceline/runtime';
import { applyTopics } from '@paceline/adapter-kafka';
import { applySchemas } from '@paceline/contracts';
import { applySettings } from '../apply-settings.ts';
import { CliError, exitCodes } from '../exit-code.ts';
import { folderSource } from '../place-file.ts';
import { StackAccess } from '../stack-access.ts';
import { isOurs, writeDemoSettings } from './demo-settings.ts';
import { runFiles } from './run-files.ts';
import { simulatorPort } from './simulator-choice.ts';
import type { UpContext } from './up-context.ts';
import type { UpOptions } from './up-options.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function requireFiles(files: readonly string[]): void {
  const missing = files.filter((file) => !existsSync(file) || !statSync(file).isFile());
  if (missing.length > 0) throw new CliError(missing.map((file) => `--file ${file}: no such file`).join('\n'), exitCodes.usage);
}

/** Removes an earlier run's data; only a folder that a start of ours made. */
async function emptyFolder(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  if (!isOurs(dataDir)) throw new CliError(`--fresh: ${dataDir} was not made by Paceline; remove it yourself`, exitCodes.usage);
  // What a killed start left running is known from this folder alone.
  await stopStack(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
}

/** Everything that can be refused is refused before anything is started. */
async function readInputs(options: UpOptions): Promise<{ settings: Settings; settingsPath: string }> {
  requireFiles(options.files);
  const refusal = brokersRefusal(options.brokers, givenByEnvironment().kafka);
  if (refusal !== null) throw new CliError(refusal, exitCodes.usage);
  if (options.fresh) await emptyFolder(options.dataDir);
  const settingsPath = options.settings ?? writeDemoSettings(options.dataDir, options.portBase);
  const loaded = loadSettings(settingsPath);
  if (!loaded.ok) throw new CliError(loaded.problems.join('\n'), exitCodes.usage);
  folderSource({ settings: loaded.settings });
  return { settings: loaded.settings, settingsPath };
}

/** Our simulator stands where the settings point, or it is not ours. */
async function ownSimulator(options: UpOptions, settings: Settings): Promise<string | null> {
  if (!options.simulator) return null;
  const wanted = await simulatorPort(settings);
  if (wanted === null) return null;
  const ours = portOf(options.portBase, 'simulator');
  if (wanted === ours) return `http://127.0.0.1:${ours}`;
  throw new CliError(
    `nothing answers at the accounts' baseUrl on port ${wanted}, and our simulator would stand on port ${ours}: start that server first, or choose --port-base ${wanted}`,
    exitCodes.stack,
  );
}

async function deploy(access: StackAccess, print: UpContext['print']): Promise<void> {
  const created = await applyTopics(await access.kafka());
  await applySchemas(await access.registry());
  const changed = await applySettings(access);
  if (created.length > 0) print(`${created.length} topics created`);
  for (const line of changed) print(line);
}

async function withStack(options: UpOptions, signal: AbortSignal): Promise<number> {
  const { settings, settingsPath } = await readInputs(options);
  const simulatorUrl = await ownSimulator(options, settings);
  const services: ServiceName[] = serviceNames.filter((name) => name !== 'simulator' || simulatorUrl !== null);
  for (const name of services) await requireFreePorts([portOf(options.portBase, name)], name);
  const begin = performance.now();
  const stack = await startStack({
    dataDir: options.dataDir,
    portBase: options.portBase,
    parts: ['kafka', 'registry', 'clickhouse', 'collector'],
    brokers: options.brokers,
    print: say,
    signal,
  });
  const access = new StackAccess({ dataDir: options.dataDir, settings: settingsPath, output: 'table' });
  const context = { options, settings, settingsPath, access, stack, print: say, signal, simulatorUrl };
  try {
    return await runServices(context, services, begin);
  } finally {
    await closed(access);
    await stack.stop();
  }
}

const closeWithinMs = 3_000;

/** Clients of a server that died may never say that they are closed; what was started is stopped all the same. */
async function closed(access: StackAccess): Promise<void> {
  const over = new AbortController();
  const close = access.close().catch((error: unknown) => say((error as Error).message));
  await Promise.race([close, delay(closeWithinMs, undefined, { signal: over.signal }).catch(() => undefined)]);
  over.abort();
}

const readyTargetSeconds = 45;

/** A file of any size passes through the ingestor row by row: a small heap keeps its memory bounded at the same speed. */
const envOf = { ingestor: { NODE_OPTIONS: '--max-semi-space-size=8 --max-old-space-size=200' } };

async function runServices(context: UpContext, services: readonly ServiceName[], begin: number): Promise<number> {
  const { options, print } = context;
  await started(context, services);
  const seconds = (performance.now() - begin) / 1_000;
  print(`ready in ${seconds.toFixed(1)} s${seconds > readyTargetSeconds ? ` (target ${readyTargetSeconds} s missed)` : ''}`);
  const supervision = supervise({ dataDir: options.dataDir, print, noRestart: !options.restart });
  try {
    return await runFiles(context);
  } finally {
    await supervision.stop();
  }
}

/** A server that dies meanwhile ends the start at once, whatever its clients still wait for. */
async function started({ options, settingsPath, access, print, signal }: UpContext, services: readonly ServiceName[]): Promise<void> {
  const { dataDir } = options;
  const watch = watchStart(dataDir);
  const start = deploy(access, print).then(() => startServices({ dataDir, services, settings: settingsPath, envOf, signal }));
  try {
    await Promise.race([start, watch.died]);
  } finally {
    watch.stop();
  }
}

/** Resolves to the exit code; Ctrl-C ends it in order. */
export async function up(options: UpOptions): Promise<number> {
  const cancel = new AbortController();
  const interrupt = (): void => cancel.abort(new CliError('interrupted', exitCodes.unfinished));
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await withStack(options, cancel.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
