import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@paceline/local';
import { redisVersion } from '../world/redis.ts';
import { peersFolder } from '../world/peer.ts';
import type { RunFacts } from './result-line.ts';

const git = (...args: string[]): string => {
  try {
    return execFileSync('git', args, { cwd: workspaceRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
};

/** The commit, marked when what ran is not what it holds. Results and pages of a benchmark do not count. */
function commitOf(): string {
  const commit = git('rev-parse', '--short=12', 'HEAD');
  const changed = git('status', '--porcelain', '--', '.', ':!benchmarks/results', ':!docs/benchmarks');
  return `${commit === '' ? 'unknown' : commit}${changed === '' ? '' : '-dirty'}`;
}

function versionIn(folder: string, name: string): string | null {
  const file = join(folder, 'node_modules', name, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : null;
}

const kafkaClient = (): string => (createRequire(import.meta.url)('kafkajs/package.json') as { version: string }).version;

const machine = (): Record<string, string> => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: String(cpus().length),
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  kernel: release(),
});

function versionsWithPeers(): Record<string, string> {
  const peers = ['bullmq', 'ioredis', 'limiter', 'p-throttle', 'undici'].map((name) => [name, versionIn(peersFolder, name)] as const);
  const all: (readonly [string, string | null])[] = [['kafkajs', kafkaClient()], ['redis', redisVersion()], ...peers];
  return { ...Object.fromEntries(all.filter((entry): entry is readonly [string, string] => entry[1] !== null)), ...machine() };
}

const factsOf = (bench: string, versions: RunFacts['versions']): RunFacts => ({
  bench,
  commit: commitOf(),
  node: process.version,
  versions,
});

/** Of a run beside peers: their versions too. */
export const peerRunFacts = (bench: string): RunFacts => factsOf(bench, versionsWithPeers());

/** `own`: what bears on this benchmark beside the Kafka client and the machine. */
export const runFacts = (bench: string, own: Readonly<Record<string, string>> = {}): RunFacts =>
  factsOf(bench, { ...own, kafkajs: kafkaClient(), ...machine() });
