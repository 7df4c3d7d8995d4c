// Kafka's folders below the data folder: `kafka` for one broker, `kafka-1` to `kafka-3` for three.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brokersOf, type BrokerCount } from './ports.ts';
import { runCommand } from './run-command.ts';
import { StackError } from './stack-error.ts';

export const logDirOf = (home: string): string => join(home, 'log');
const metaOf = (home: string): string => join(logDirOf(home), 'meta.properties');

const counted = (count: BrokerCount): string => (count === 1 ? 'one broker' : 'three brokers');

/** A log of one broker has one replica of everything, and its controller knows no other: the count of brokers stays what it was. */
export function requireSameCount(dataDir: string, count: BrokerCount): void {
  const other = count === 1 ? 3 : 1;
  if (!brokersOf(0, other).some(({ name }) => existsSync(metaOf(join(dataDir, name))))) return;
  throw new StackError(
    `${dataDir} holds the log of ${counted(other)} and cannot be started with ${counted(count)}: give --brokers ${other}, or begin with an empty folder (--fresh, or another one with --data-dir DIR).`,
  );
}

/** The id in the first of the folders that was formatted; a new one when none was. All brokers of a cluster must have the same. */
export async function clusterIdOf(homes: readonly string[]): Promise<string> {
  const formatted = homes.find((home) => existsSync(metaOf(home)));
  const meta = formatted === undefined ? '' : await readFile(metaOf(formatted), 'utf8');
  return /^cluster\.id=(.+)$/m.exec(meta)?.[1] ?? newClusterId();
}

function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? `A${id.slice(1)}` : id;
}

export interface FormatOptions {
  readonly java: string;
  readonly jars: string;
  readonly settings: string;
  readonly home: string;
  readonly clusterId: string;
}

/** Formatting an already formatted folder is skipped: its cluster id and its log must survive a restart. */
export async function formatOnce({ java, jars, settings, home, clusterId }: FormatOptions): Promise<void> {
  if (existsSync(metaOf(home))) return;
  const tool = ['-XX:TieredStopAtLevel=1', '-cp', jars, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', settings];
  const { code, output } = await runCommand(java, tool, { timeoutMs: 60_000 });
  if (code !== 0) throw new StackError(`Kafka's data folder ${home} cannot be formatted: ${output.trim().split('\n').at(-1) ?? ''}`);
}
