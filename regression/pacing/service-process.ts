// One service of the product as a process of its own that can be killed, frozen and thawed; every signal goes to its pid.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { nodeFlagsOf, sourceCommand } from '@paceline/local';
import { eventually, repositoryRoot } from '@paceline/testing';

export interface ServicePlan {
  readonly service: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** A module that the process loads before the service, path from the root of the workspace. */
  readonly preload?: string;
}

const stopWithinMs = 20_000;

export class ServiceProcess {
  readonly pid: number;
  readonly #gone: Promise<unknown>;
  #expected = false;

  private constructor(
    readonly plan: ServicePlan,
    private readonly child: ChildProcess,
  ) {
    this.pid = child.pid ?? 0;
    this.#gone = once(child, 'exit');
  }

  /** Starts the process; `ready` tells when it answers. */
  static spawn(plan: ServicePlan): ServiceProcess {
    const log = openSync(plan.logFile, 'a', 0o600);
    const preloads = plan.preload === undefined ? [] : [plan.preload];
    const [node = '', ...args] = sourceCommand(`apps/${plan.service}/src/main.ts`, nodeFlagsOf(plan.service), preloads);
    const child = spawn(node, args, {
      cwd: repositoryRoot,
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(plan.port), ...plan.env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    return new ServiceProcess(plan, child);
  }

  get runs(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** True when the process ended without having been told to. */
  get died(): boolean {
    return !this.runs && !this.#expected;
  }

  /** Resolves when it has ended, however it did. */
  get gone(): Promise<unknown> {
    return this.#gone;
  }

  /** The signal that ended it; null while it runs, and when it ended by itself. */
  get endedBy(): NodeJS.Signals | null {
    return this.child.signalCode;
  }

  /** Sends SIGTERM; its end is no surprise then. */
  terminate(): void {
    this.#expected = true;
    this.child.kill('SIGTERM');
  }

  /** Its end was noticed. */
  bury(): void {
    this.#expected = true;
  }

  /** Why it ended, by the last line of its log that tells of an error, cut short. */
  lastError(): string {
    const lines = readFileSync(this.plan.logFile, 'utf8').split('\n');
    const told = [/"level":"(fatal|error)"/, /Error/].map((pattern) => lines.findLast((line) => pattern.test(line)));
    return (told.find((line) => line !== undefined) ?? '').slice(0, 400);
  }

  async ready(): Promise<void> {
    await eventually(`${this.plan.service} is ready`, async () => {
      if (this.died)
        throw new Error(`${this.plan.service} ended with ${this.child.exitCode ?? this.child.signalCode}\n${this.#lastWords()}`);
      return answers(`http://127.0.0.1:${this.plan.port}/readyz`);
    });
  }

  async kill(): Promise<void> {
    this.#expected = true;
    if (this.runs) this.child.kill('SIGKILL');
    await this.#gone;
  }

  /** To a module that was loaded before the service. */
  signal(signal: 'SIGUSR2'): void {
    this.child.kill(signal);
  }

  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** SIGTERM, and the end; a process that does not end in time is killed, which is an error. */
  async stop(): Promise<void> {
    this.#expected = true;
    if (!this.runs) return;
    this.thaw();
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), stopWithinMs);
    await this.#gone;
    clearTimeout(late);
    if (this.child.signalCode === 'SIGKILL') throw new Error(`${this.plan.service} did not stop at SIGTERM\n${this.#lastWords()}`);
  }

  #lastWords(): string {
    return readFileSync(this.plan.logFile, 'utf8').split('\n').slice(-15).join('\n');
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
