// What a start needs and will fetch, said before anything is fetched.
import { mkdirSync, statfsSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { dockerAnswers, images } from './docker.ts';
import type { BrokerCount } from './ports.ts';
import { missingJars, cacheDir, type Download } from './jars.ts';
import { findJava, oldestJava, type Java } from './java.ts';
import { StackError } from './stack-error.ts';

const diskNeededMb = 2_000;
const memoryNeededMb = 3_000;
const memoryPerFurtherBrokerMb = 500;

export type Host = { readonly kind: 'java'; readonly java: Java } | { readonly kind: 'docker' };

export interface Preflight {
  /** How the third-party servers run; null when every one of them is given by URL. */
  readonly host: Host | null;
  readonly downloads: readonly Download[];
  /** For people, one fact a line. */
  readonly lines: readonly string[];
}

export interface PreflightOptions {
  readonly dataDir: string;
  /** Kafka or the registry is to be started here. */
  readonly serversNeeded: boolean;
  /** Brokers to be started here; one unless said otherwise. */
  readonly brokers?: BrokerCount;
}

/** Throws a StackError with one line that says what to install when the servers can run in no way. */
export async function preflight({ dataDir, serversNeeded, brokers = 1 }: PreflightOptions): Promise<Preflight> {
  const host = serversNeeded ? await findHost() : null;
  const downloads = host?.kind === 'java' ? missingJars() : [];
  const lines = [
    ...hostLines(host),
    ...downloads.map(downloadLine),
    ...resourceLines(dataDir, memoryNeededMb + (brokers - 1) * memoryPerFurtherBrokerMb),
  ];
  return { host, downloads, lines };
}

async function findHost(): Promise<Host> {
  const java = await findJava();
  if (java !== null && java.major >= oldestJava) return { kind: 'java', java };
  if (await dockerAnswers()) return { kind: 'docker' };
  const found = java === null ? 'no Java' : `Java ${java.version}`;
  throw new StackError(
    `Kafka and the schema registry need Java ${oldestJava} or newer (found ${found}) or a running Docker: install one (Debian: apt-get install openjdk-17-jre-headless maven), or set KAFKA_BROKERS and SCHEMA_REGISTRY_URL.`,
  );
}

function hostLines(host: Host | null): string[] {
  if (host === null) return ['Kafka and the schema registry: the ones given by URL'];
  if (host.kind === 'java') return [`Kafka and the schema registry run on Java ${host.java.version}`];
  return [`Kafka and the schema registry run in Docker: ${images.kafka}, ${images.registry}`];
}

function downloadLine({ what, megabytes, to }: Download): string {
  return `to download, once per user: ${what}, about ${megabytes} MB, to ${to}`;
}

function resourceLines(dataDir: string, memoryMb: number): string[] {
  mkdirSync(dataDir, { recursive: true });
  const { bavail, bsize } = statfsSync(dataDir);
  const freeMb = Math.round((bavail * bsize) / 1e6);
  if (freeMb < diskNeededMb / 4)
    throw new StackError(`${freeMb} MB are free at ${dataDir}: the stack needs about ${diskNeededMb} MB of disk.`);
  const memory = `${Math.round(totalmem() / 1e6)} MB in all, ${Math.round(freemem() / 1e6)} MB free, about ${memoryMb} MB needed`;
  return [`disk at ${dataDir}: ${freeMb} MB free, about ${diskNeededMb} MB needed (cache: ${cacheDir()})`, `memory: ${memory}`];
}
