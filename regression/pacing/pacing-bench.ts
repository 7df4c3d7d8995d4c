// Pacer, sender and error-router on real servers, as processes of their own; rows go straight into `requests`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KafkaFactWriter } from '@paceline/adapter-kafka';
import { startService, startStack, stopService, type BrokerCount, type Stack } from '@paceline/local';
import { eventually, freePortBase, systemClock } from '@paceline/testing';
import {
  admissionOf,
  contactKey,
  lateToleranceMs,
  paceOf,
  requestsOf,
  settingsOf,
  type BenchAccount,
  type BatchTerms,
} from './bench-accounts.ts';
import { readyLog, serviceEnv, type ReadyLog } from './bench-servers.ts';
import { Brokers } from './brokers.ts';
import { Evidence } from './evidence.ts';
import { Members, portsOfARun, type Member } from './members.ts';
import type { ServiceProcess } from './service-process.ts';

export interface BenchTerms {
  readonly accounts: readonly BenchAccount[];
  readonly maxInFlight?: number;
  /** One unless said otherwise. */
  readonly brokers?: BrokerCount;
  /** Brokers that run already, comma separated; those of the bench itself are not started then. */
  readonly kafka?: string;
}

interface Place {
  readonly dataDir: string;
  readonly base: number;
  readonly stack: Stack;
}

/** Rows that wait while an account is kept fed: enough for a fault to find work, few enough to be done soon after it. */
const waitingSeconds = 3;

export class PacingBench {
  readonly evidence: Evidence;
  readonly members: Members;
  readonly brokers: Brokers;
  readonly rows = new Set<string>();
  readonly writerSchemas: ReadonlySet<string>;
  readonly #writer: KafkaFactWriter;
  /** Requests without an outcome as far as `topUp` has looked, by account. */
  readonly #open: ReadonlyMap<string, Set<string>>;
  readonly #confined = new Map<string, readonly number[]>();
  #batches = 0;

  private constructor(
    readonly accounts: readonly BenchAccount[],
    private readonly place: Place,
    { brokers: count, ...parts }: ReadyLog & { readonly brokers: BrokerCount },
  ) {
    this.#writer = parts.writer;
    this.writerSchemas = parts.writerSchemas;
    const { dataDir, base: portBase, stack } = place;
    this.brokers = new Brokers({ dataDir, count, addresses: stack.urls.kafka ?? '', kafka: parts.kafka });
    const env = serviceEnv(stack, { dataDir, contactKey });
    this.members = new Members({ portBase, env, logFileOf: (member) => join(dataDir, 'logs', `${member}.log`) });
    this.#open = new Map(accounts.map(({ name }) => [name, new Set<string>()]));
    const names = new Map(accounts.map(({ sid, name }) => [sid, name]));
    this.evidence = new Evidence(parts.kafka, parts.codec, { simulatorUrl: this.simulatorUrl, accountOf: (sid) => names.get(sid) ?? sid });
  }

  /** Servers, topics, schemas, and the four services, one process each. What was started is stopped when it fails. */
  static async create(terms: BenchTerms): Promise<PacingBench> {
    const dataDir = mkdtempSync(join(tmpdir(), 'paceline-pacing-'));
    const base = await freePortBase({ from: 27_000 + (process.pid % 45) * 40, step: 40, ports: portsOfARun });
    const { brokers = 1, kafka } = terms;
    const given = kafka === undefined ? {} : { kafka };
    const stack = await startStack({ dataDir, portBase: base, parts: ['kafka', 'registry'], brokers, given });
    let bench: PacingBench | null = null;
    try {
      bench = await PacingBench.#over({ dataDir, base, stack }, terms);
      await bench.members.start('simulator', 'error-router', 'pacer-1', 'sender-1');
      return bench;
    } catch (error) {
      await (bench === null ? stack.stop() : bench.dispose());
      throw error;
    }
  }

  static async #over({ dataDir, base, stack }: Place, { accounts, maxInFlight = 40, brokers = 1 }: BenchTerms): Promise<PacingBench> {
    const settings = settingsOf({ accounts, simulatorUrl: `http://127.0.0.1:${base}`, maxInFlight });
    writeFileSync(join(dataDir, 'paceline.yaml'), settings);
    mkdirSync(join(dataDir, 'logs'), { recursive: true });
    const bench = new PacingBench(accounts, { dataDir, base, stack }, { ...(await readyLog(stack, 'pacing-bench')), brokers });
    bench.evidence.start();
    return bench;
  }

  get simulatorUrl(): string {
    return `http://127.0.0.1:${this.place.base}`;
  }

  get registryUrl(): string {
    return this.place.stack.urls.registry ?? '';
  }

  get lateToleranceMs(): number {
    return lateToleranceMs;
  }

  process(member: Member): ServiceProcess {
    return this.members.of(member);
  }

  stop(...names: readonly Member[]): Promise<void> {
    return this.members.stop(...names);
  }

  died(): readonly string[] {
    return this.members.died();
  }

  async withoutRegistry(work: () => Promise<void>): Promise<void> {
    await stopService(this.place.dataDir, 'registry');
    try {
      await work();
    } finally {
      await startService(this.place.dataDir, 'registry');
    }
  }

  /** Admits rows; returns their request ids. */
  async feed(terms: readonly Omit<BatchTerms, 'batchId'>[]): Promise<ReadonlySet<string>> {
    const requests = terms.flatMap((own) => requestsOf({ ...own, batchId: `batch-${(this.#batches += 1)}` }));
    // Written in turns, so that no account's rows come last.
    const inTurns = requests.toSorted((a, b) => a.row - b.row);
    for (const { requestId, account } of requests) {
      this.rows.add(requestId);
      this.#open.get(account)?.add(requestId);
    }
    await this.#writer.write(inTurns.map((request) => admissionOf(request, systemClock.wallMicros())));
    return new Set(requests.map(({ requestId }) => requestId));
  }

  /** Rows fed from now on have their slots in these partitions only; null = in any. */
  confine({ name }: BenchAccount, slotPartitions: readonly number[] | null): void {
    if (slotPartitions === null) this.#confined.delete(name);
    else this.#confined.set(name, slotPartitions);
  }

  /** Keeps rows waiting in every account while the work lasts; resolves with the requests admitted meanwhile. */
  async keepFed(work: () => Promise<void>): Promise<ReadonlySet<string>> {
    const before = new Set(this.rows);
    let done = false;
    const feeding = (async () => {
      for (;;) {
        await this.#topUp();
        await this.members.revive();
        if (done) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    try {
      await Promise.race([work(), feeding]);
    } finally {
      done = true;
      await feeding;
    }
    return new Set([...this.rows].filter((requestId) => !before.has(requestId)));
  }

  /** Waits until the simulator has received so many calls more, of one account or of all. */
  async moreCalls(count: number, account?: BenchAccount): Promise<void> {
    const made = async (): Promise<number> => {
      const calls = await this.evidence.calls();
      return account === undefined ? [...calls.values()].reduce((sum, n) => sum + n, 0) : (calls.get(account.name) ?? 0);
    };
    const before = await made();
    await eventually(
      `${count} more calls${account === undefined ? '' : ` of ${account.name}`}`,
      async () => (await made()) >= before + count,
      90_000,
    );
  }

  /** Waits until each of these requests has an outcome. */
  async closed(requests: ReadonlySet<string>, boundMs = 120_000): Promise<void> {
    const open = (): readonly string[] => [...requests].filter((requestId) => !this.evidence.closed.has(requestId));
    // The cheap look first: a hundred thousand rows are not compared forty times a second.
    const holds = async (): Promise<boolean> => {
      await this.members.revive();
      return this.evidence.closed.size >= requests.size && open().length === 0;
    };
    await eventually(`${requests.size} rows have an outcome`, holds, boundMs).catch((error: Error) => {
      throw new Error([error.message, `still open: ${open().length}, such as ${open()[0]}`, ...this.died()].join('; '), {
        cause: error,
      });
    });
  }

  async simulate(method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const answer = await fetch(`${this.simulatorUrl}${path}`, init);
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  }

  /** Every process is ended by its pid, then the servers; nothing stays but, when asked for, the logs. */
  async dispose(): Promise<void> {
    await this.evidence.stop();
    await this.#writer.stop();
    await this.members.killAll();
    await this.place.stack.stop();
    if (process.env['PACELINE_KEEP_LOGS'] === undefined) rmSync(this.place.dataDir, { recursive: true, force: true });
  }

  #waiting({ name }: BenchAccount): number {
    const open = this.#open.get(name) ?? new Set<string>();
    for (const requestId of open) if (this.evidence.closed.has(requestId)) open.delete(requestId);
    return open.size;
  }

  async #topUp(): Promise<void> {
    const short = this.accounts.flatMap((account) => {
      const wanted = Math.ceil(paceOf(account) * waitingSeconds);
      const waiting = this.#waiting(account);
      const slotPartitions = this.#confined.get(account.name);
      return waiting > wanted / 2 ? [] : [{ account, rows: wanted - waiting, ...(slotPartitions === undefined ? {} : { slotPartitions }) }];
    });
    if (short.length > 0) await this.feed(short);
  }
}
