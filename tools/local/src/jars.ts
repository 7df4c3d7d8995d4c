// The broker and the registry are fetched once per user, through Maven, into the cache folder.
// A folder there is complete or absent: it is filled under another name and renamed.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withFileLock } from './file-lock.ts';
import { findMaven } from './java.ts';
import { runCommand } from './run-command.ts';
import { StackError } from './stack-error.ts';

export const kafkaVersion = '4.2.1';
export const registryVersion = '3.0.9';
const slf4jVersion = '1.7.36';
const dependencyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin';
// The registry's parent descriptor is not published; newer versions of the plugin refuse an artifact whose parent is missing.
const dependencyPluginThatForgives = `${dependencyPlugin}:2.8`;

export interface Download {
  readonly what: string;
  readonly megabytes: number;
  readonly to: string;
}

export type Print = (line: string) => void;

export function cacheDir(): string {
  return process.env['PACELINE_CACHE'] ?? join(homedir(), '.cache', 'paceline');
}

const kafkaHome = (): string => join(cacheDir(), `kafka-${kafkaVersion}`);
export const registryHome = (): string => join(cacheDir(), `registry-${registryVersion}`);
export const registryJar = `apicurio-registry-app-${registryVersion}-runner.jar`;

const kafkaDownload = (): Download => ({ what: `Apache Kafka ${kafkaVersion} (46 jars)`, megabytes: 44, to: kafkaHome() });
const registryDownload = (): Download => ({ what: `Apicurio Registry ${registryVersion}`, megabytes: 109, to: registryHome() });

/** What a start would still fetch. Maven keeps its own copy of the same files in its repository. */
export function missingJars(): Download[] {
  return [kafkaDownload(), registryDownload()].filter((download) => !existsSync(download.to));
}

/** Folder with every jar of the broker (`java -cp '<folder>/*'`). */
export function ensureKafkaJars(print: Print): Promise<string> {
  return ensure(kafkaDownload(), print, fetchKafka);
}

/** Folder that holds `registryJar` and its `lib`. */
export function ensureRegistryJars(print: Print): Promise<string> {
  return ensure(registryDownload(), print, fetchRegistry);
}

async function ensure(download: Download, print: Print, fetch: (into: string) => Promise<void>): Promise<string> {
  const target = download.to;
  if (existsSync(target)) return target;
  return withFileLock(join(cacheDir(), 'fetch.lock'), async () => {
    if (existsSync(target)) return target;
    if (!(await findMaven()))
      throw new StackError(`${download.what} is not in ${cacheDir()} yet: install Maven (needed once), then start again.`);
    print(`downloading ${download.what}, about ${download.megabytes} MB, to ${target}`);
    const begin = performance.now();
    const work = await mkdtemp(join(cacheDir(), '.fetch-'));
    try {
      await fetch(work);
      await rename(join(work, 'out'), target);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    print(`fetched ${download.what}: ${await megabytesIn(target)} MB in ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    return target;
  });
}

async function maven(args: readonly string[], cwd: string): Promise<void> {
  const { code, output } = await runCommand('mvn', ['-B', '-q', ...args], { cwd, timeoutMs: 900_000 });
  if (code === 0) return;
  const reason = output.split('\n').find((line) => line.includes('ERROR')) ?? output.slice(0, 300);
  throw new StackError(`Maven could not fetch what the local stack needs: ${reason.trim()}`);
}

async function fetchKafka(work: string): Promise<void> {
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  const pom = [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>paceline</groupId><artifactId>local-broker</artifactId><version>1</version><packaging>pom</packaging><dependencies>',
    dependency('org.apache.kafka', 'kafka_2.13', kafkaVersion),
    dependency('org.slf4j', 'slf4j-simple', slf4jVersion),
    '</dependencies></project>',
  ].join('\n');
  await writeFile(join(work, 'pom.xml'), pom);
  const out = join(work, 'out');
  await maven([`${dependencyPlugin}:3.8.1:copy-dependencies`, '-DincludeScope=runtime', `-DoutputDirectory=${out}`], work);
}

async function fetchRegistry(work: string): Promise<void> {
  const artifact = `io.apicurio:apicurio-registry-app:${registryVersion}:tar.gz:all`;
  await maven([`${dependencyPluginThatForgives}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${work}`], work);
  const out = join(work, 'out');
  await mkdir(out);
  const archive = join(work, `apicurio-registry-app-${registryVersion}-all.tar.gz`);
  const { code, output } = await runCommand('tar', ['xzf', archive, '-C', out]);
  if (code !== 0) throw new StackError(`the registry's archive does not unpack: ${output.slice(0, 300)}`);
  if (!existsSync(join(out, registryJar))) throw new StackError(`the registry's archive holds no ${registryJar}`);
}

async function megabytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1_000_000);
}
