// Runs `npm start` as a user does, in a folder and on ports of its own, and reads what it left behind.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortBase, repositoryRoot } from '@paceline/testing';

export interface StartResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The report that --json prints as the last line of standard output. */
export interface Report {
  readonly schemaVersion: number;
  readonly batches: readonly {
    readonly batchId: string;
    readonly file: string;
    readonly rows: number;
    readonly outcomes: Readonly<Record<string, number>>;
    readonly reasons: Readonly<Record<string, number>>;
    readonly inDoubt: number;
    readonly doubts: readonly {
      readonly requestId: string;
      readonly reason: string;
      readonly evidence: { readonly attemptId?: string } | null;
    }[];
    readonly complete: boolean;
    readonly balanced: boolean;
    readonly refusal: { readonly code: string; readonly reason: string } | null;
    readonly rateConfigured: number;
    readonly rateAchieved: number | null;
  }[];
  readonly ledger: {
    readonly requests: number;
    readonly accepted: number;
    readonly doubleAccepted: number;
    readonly worstSecond: number;
    readonly limit: number;
  } | null;
  readonly clickhouse: { readonly rows: number; readonly outcomes: Readonly<Record<string, number>> } | null;
  readonly ok: boolean;
}

interface RunFile {
  readonly urls: { readonly kafka: string | null; readonly registry: string | null };
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly ports: readonly number[] }[];
}

/** What the test run itself was told must not reach the product: it would use the test's servers and loader. */
const notForTheProduct = ['NODE_OPTIONS', 'KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'CLICKHOUSE_URL'];

const environment = (extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const own = Object.entries(process.env).filter(([name]) => !notForTheProduct.includes(name));
  return { ...Object.fromEntries(own), ...extra };
};

/** A process that has ended but is not yet reaped by its parent (state Z) runs no more. */
function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** One product run: a data folder, a port base, and the process between start and end. */
export class Paceline {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'paceline-e2e-'));
  #child: ChildProcess | null = null;

  private constructor(readonly portBase: number) {}

  static async create(): Promise<Paceline> {
    return new Paceline(await freePortBase({ from: 20_000 + (process.pid % 90) * 200, step: 40, ports: 28 }));
  }

  /** Writes a file beside the data; returns its path. */
  write(name: string, content: string | Buffer): string {
    const path = join(this.dataDir, name);
    writeFileSync(path, content);
    return path;
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<StartResult> {
    const own = ['--data-dir', join(this.dataDir, 'data'), '--port-base', String(this.portBase)];
    const child = spawn('npm', ['start', '--silent', '--', ...own, ...args], { cwd: repositoryRoot, env: environment(env) });
    this.#child = child;
    return collect(child);
  }

  /** Runs one command line against the running stack. */
  command(...args: string[]): Promise<StartResult> {
    const own = ['apps/cli/bin/paceline.mjs', '--data-dir', join(this.dataDir, 'data'), ...args];
    return collect(spawn(process.execPath, own, { cwd: repositoryRoot, env: environment({}) }));
  }

  runFile(): RunFile | null {
    const path = join(this.dataDir, 'data', 'run.json');
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RunFile) : null;
  }

  /** Of the servers that it started or was given. */
  urls(): RunFile['urls'] {
    return this.runFile()?.urls ?? { kafka: null, registry: null };
  }

  pidOf(name: string): number | null {
    return this.runFile()?.processes.find((one) => one.name === name)?.pid ?? null;
  }

  /** Processes recorded as started that still run; empty after every end, however it ended. */
  survivors(): string[] {
    return (this.runFile()?.processes ?? []).filter(({ pid }) => isRunning(pid)).map(({ name, pid }) => `${name} ${pid}`);
  }

  /** Ctrl-C, and the wait for the end. */
  async stop(): Promise<void> {
    if (this.#child === null || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGINT');
    await gone;
  }

  async dispose(): Promise<void> {
    await this.stop();
    if (process.env['PACELINE_KEEP_LOGS'] === undefined) rmSync(this.dataDir, { recursive: true, force: true });
  }
}

async function collect(child: ChildProcess): Promise<StartResult> {
  const out: string[] = [];
  const err: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => err.push(text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code: code ?? (signal === null ? 1 : 128), stdout: out.join(''), stderr: err.join('') };
}

export function reportOf({ stdout, stderr, code }: StartResult): Report {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`no report; exit ${code}\n${stderr}`);
  return JSON.parse(last) as Report;
}
