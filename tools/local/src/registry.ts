// The schema registry (Confluent's API over Apicurio), stored in a file so that schema ids survive a restart.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './file-lock.ts';
import { cacheDir, ensureRegistryJars, registryJar, type Print } from './jars.ts';
import type { Java } from './java.ts';
import { answersOk, launch, shieldedFromInterrupt, type Launched, type LaunchHooks, type LaunchPlan } from './launch.ts';
import { loopback, requireFreePorts } from './ports.ts';

export const compatibility = 'BACKWARD_TRANSITIVE';

export interface RegistryOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly java: Java;
  readonly print: Print;
  readonly hooks?: LaunchHooks;
}

export function registryUrl(port: number): string {
  return `http://${loopback}:${port}/apis/ccompat/v7`;
}

export async function startRegistry(options: RegistryOptions): Promise<Launched> {
  await requireFreePorts([options.port], 'the schema registry');
  const home = await ensureRegistryJars(options.print);
  const archive = await ensureClassArchive(home, options);
  const store = join(options.dataDir, 'registry');
  await mkdir(store, { recursive: true });
  // WRITE_DELAY=0: without it a kill loses the last half second of registrations.
  const url = `jdbc:h2:file:${join(store, 'schemas')};WRITE_DELAY=0`;
  const started = await launch(
    {
      ...plan(options, home),
      command: shieldedFromInterrupt(
        command({ ...options, url, classes: existsSync(archive) ? `-XX:SharedArchiveFile=${archive}` : null }),
      ),
    },
    answersOk(`${registryUrl(options.port)}/subjects`),
    options.hooks,
  );
  await setGlobalCompatibility(options);
  return started;
}

function plan({ dataDir, port }: RegistryOptions, home: string): Omit<LaunchPlan, 'command'> {
  return {
    name: 'registry',
    env: {},
    cwd: home,
    logFile: join(dataDir, 'logs', 'registry.log'),
    ports: [port],
    healthUrl: `${registryUrl(port)}/subjects`,
    readyWithinMs: 120_000,
    stopWithinMs: 10_000,
  };
}

interface CommandOptions {
  readonly java: Java;
  readonly port: number;
  readonly url: string;
  readonly classes: string | null;
}

function command({ java, port, url, classes }: CommandOptions): string[] {
  return [
    java.path,
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    ...(classes === null ? [] : [classes]),
    `-Dapicurio.datasource.url=${url}`,
    '-Dapicurio.datasource.jdbc.min-size=1',
    '-Dapicurio.datasource.jdbc.initial-size=1',
    '-Dapicurio.datasource.jdbc.max-size=5',
    `-Dquarkus.http.host=${loopback}`,
    `-Dquarkus.http.port=${port}`,
    '-jar',
    registryJar,
  ];
}

/** Best effort: registering a schema sets its subject's own level as well. */
async function setGlobalCompatibility({ port, print }: RegistryOptions): Promise<void> {
  const response = await fetch(`${registryUrl(port)}/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ compatibility }),
    signal: AbortSignal.timeout(5_000),
  }).catch(() => null);
  if (response === null || !response.ok) print(`the registry keeps its own default compatibility (asked for ${compatibility})`);
}

/**
 * Loaded classes kept in one file per Java version halve the registry's start. The file is written by a first, throw-away run
 * under another name and renamed only after that run ended well; without it the registry starts all the same, slower.
 */
async function ensureClassArchive(home: string, options: RegistryOptions): Promise<string> {
  const archive = join(home, `classes-${options.java.version.replace(/[^\w.]/g, '_')}.jsa`);
  if (existsSync(archive)) return archive;
  await withFileLock(join(cacheDir(), 'classes.lock'), async () => {
    if (existsSync(archive)) return;
    await dropUnfinished(home);
    const unfinished = `${archive}.${process.pid}`;
    const trial = command({ ...options, url: 'jdbc:h2:mem:trial', classes: `-XX:ArchiveClassesAtExit=${unfinished}` });
    const run = { ...plan(options, home), command: shieldedFromInterrupt(trial), stopWithinMs: 60_000 };
    const started = await launch(run, answersOk(`${registryUrl(options.port)}/subjects`), { signal: options.hooks?.signal });
    await started.stop();
    if ((await started.ended) !== 'ended by SIGKILL' && existsSync(unfinished)) await rename(unfinished, archive);
  });
  return archive;
}

async function dropUnfinished(home: string): Promise<void> {
  const names = (await readdir(home)).filter((name) => /\.jsa\.\d+$/.test(name));
  await Promise.all(names.map((name) => rm(join(home, name), { force: true })));
}
