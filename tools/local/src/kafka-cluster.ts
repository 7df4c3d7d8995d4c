// Three brokers alone in a folder, for tests and fault runs: each can be killed, frozen, stopped and started again.
import { resolve } from 'node:path';
import { endWithUs } from './end-with-us.ts';
import type { Print } from './jars.ts';
import { brokerAnswers } from './kafka-probe.ts';
import { isRunning, killProcess, signalProcess } from './pids.ts';
import { brokersOf, isFree } from './ports.ts';
import { startService, stopService } from './processes.ts';
import { findProcess, requireRunFile, type ProcessRecord } from './run-file.ts';
import { startStack } from './stack.ts';
import { StackError } from './stack-error.ts';

export interface KafkaClusterOptions {
  /** Data, logs and run.json; with the data of an earlier cluster it goes on. */
  readonly folder: string;
  /** First of the ports; a stretch where all are free is looked for unless said otherwise. */
  readonly portBase?: number;
  readonly print?: Print;
  /** Aborting it stops what was started so far; the start then throws. */
  readonly signal?: AbortSignal;
}

export type BrokerNumber = 1 | 2 | 3;

const numbers: readonly BrokerNumber[] = [1, 2, 3];

/** Starts three brokers; resolves when each answers and names all. They end with this process, however it ends. */
export async function startKafkaCluster({ folder: given, portBase, print, signal }: KafkaClusterOptions): Promise<KafkaCluster> {
  const folder = resolve(given);
  const base = portBase ?? (await freeBase());
  const release = endWithUs(folder);
  const common = { dataDir: folder, portBase: base, parts: ['kafka'], brokers: 3, given: {} } as const;
  try {
    const stack = await startStack({ ...common, ...(print && { print }), ...(signal && { signal }) });
    return new KafkaCluster(folder, stack.urls.kafka ?? '', () => stack.stop().finally(release));
  } catch (error) {
    release();
    throw error;
  }
}

export class KafkaCluster {
  constructor(
    readonly folder: string,
    /** Bootstrap servers, comma separated. */
    readonly brokers: string,
    private readonly stopAll: () => Promise<void>,
  ) {}

  /** Of the three in their order; null for one that does not run. */
  async pids(): Promise<readonly (number | null)[]> {
    const records = await Promise.all(numbers.map((n) => this.record(n)));
    return Promise.all(records.map(async (record) => ((await isRunning(record)) ? record.pid : null)));
  }

  /** Whether each of the three answers and names all. */
  async isWhole(): Promise<boolean> {
    const ports = this.brokers.split(',').map((address) => Number(address.split(':')[1]));
    const answers = await Promise.all(ports.map((port) => brokerAnswers(port, ports).catch(() => false)));
    return answers.every(Boolean);
  }

  /** kill -9; resolves when the process is gone. */
  async kill(n: BrokerNumber): Promise<void> {
    if (!(await killProcess(await this.record(n)))) throw notRunning(n);
  }

  /** It keeps its connections and answers nothing until it is thawed. */
  freeze(n: BrokerNumber): Promise<void> {
    return this.signal(n, 'SIGSTOP');
  }

  thaw(n: BrokerNumber): Promise<void> {
    return this.signal(n, 'SIGCONT');
  }

  /** In order, a frozen one too: one broker, or all of them and the cluster with them. */
  async stop(n?: BrokerNumber): Promise<void> {
    for (const one of n === undefined ? numbers : [n]) await signalProcess(await this.record(one), 'SIGCONT');
    if (n === undefined) await this.stopAll();
    else await stopService(this.folder, nameOf(n));
  }

  /** With the folder and ports that it had; resolves when it answers. Running already is fine. */
  async start(n: BrokerNumber): Promise<void> {
    await startService(this.folder, nameOf(n));
  }

  private async record(n: BrokerNumber): Promise<ProcessRecord> {
    return findProcess(await requireRunFile(this.folder), nameOf(n));
  }

  private async signal(n: BrokerNumber, signal: NodeJS.Signals): Promise<void> {
    if (!(await signalProcess(await this.record(n), signal))) throw notRunning(n);
  }
}

const nameOf = (n: BrokerNumber): string => `kafka-${n}`;
const notRunning = (n: BrokerNumber): StackError => new StackError(`${nameOf(n)} does not run.`);

/** Different processes begin their search at different places. It is only looked at, not held: the start checks again. */
async function freeBase(): Promise<number> {
  for (let base = 20_000 + (process.pid % 250) * 40; base < 60_000; base += 40) {
    const ports = brokersOf(base, 3).flatMap(({ port, controllerPort }) => [port, controllerPort]);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
  }
  throw new StackError('no ports are free for three brokers.');
}
