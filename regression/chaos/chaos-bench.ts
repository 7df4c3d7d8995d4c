// Ingestor, pacer, sender and error-router on real servers, fed by files in a watched folder, one process each.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KafkaLogReader } from '@paceline/adapter-kafka';
import { startStack, type BrokerCount, type Stack } from '@paceline/local';
import { eventually, freePortBase, systemClock } from '@paceline/testing';
import { readyLog, serviceEnv, type ReadyLog } from '../pacing/bench-servers.ts';
import { Brokers } from '../pacing/brokers.ts';
import { Evidence } from '../pacing/evidence.ts';
import { Crew, portsOfACrew, victims } from './crew.ts';
import { InputFiles } from './input-files.ts';
import type { ChaosHistory } from './invariants.ts';
import { ledgerCalls } from './ledger-calls.ts';
import { PublicRecord } from './public-record.ts';
import { Suppressor } from './suppressor.ts';

const account = { name: 'demo', sid: 'AC00000000000000000000000000000001' };
const contactKey = 'key of the kill matrix';

/** The product's defaults but for times that a test need not wait out, and small chunks, so that a reader has many commits. */
const settingsOf = (simulatorUrl: string, callsPerSecond: number): string =>
  [
    'accounts:',
    `  - name: ${account.name}`,
    `    sid: ${account.sid}`,
    '    authToken: simulator',
    `    baseUrl: ${simulatorUrl}`,
    `    callsPerSecond: ${callsPerSecond}`,
    '    maxInFlight: 40',
    // The run is about rights and rows; a pace that follows the injected 429s would only make it long.
    '    adaptive: {enabled: false}',
    `    callbacks: {publicUrl: "${simulatorUrl}"}`,
    'sources:',
    `  - {name: drop, folder: ./inbox, account: ${account.name}, stable: 200ms, limits: {chunkRows: 50}}`,
    'ingest: {pollMs: 200}',
    'retry: {maxTotalWait: 120s}',
    'reconcile: {clientTimeout: 2s, providerTimeout: 1s, skew: 1s}',
    '',
  ].join('\n');

interface Place {
  readonly dataDir: string;
  readonly simulatorUrl: string;
  readonly stack: Stack;
  readonly callsPerSecond: number;
  readonly brokers: BrokerCount;
}

export interface ChaosTerms {
  readonly callsPerSecond: number;
  readonly brokers: BrokerCount;
  /** Of benches at the same time each has another number, from 0. */
  readonly place: number;
}

interface Parts extends ReadyLog {
  readonly crew: Crew;
}

/** Rows that always wait, in seconds of pace: a pause is then never for want of work. */
const waitingSeconds = 8;
const fileSeconds = 4;

export class ChaosBench {
  readonly crew: Crew;
  readonly brokers: Brokers;
  readonly files: InputFiles;
  readonly #evidence: Evidence;
  readonly #record: PublicRecord;
  readonly #suppressor: Suppressor;
  /** Rows without an outcome as far as anybody has looked. */
  readonly #open = new Set<string>();
  #fed: Promise<void> = Promise.resolve();
  #feeding = false;

  private constructor(
    private readonly place: Place,
    private readonly parts: Parts,
  ) {
    const { dataDir, simulatorUrl, stack, brokers: count } = place;
    const { kafka, codec, writer } = parts;
    this.brokers = new Brokers({ dataDir, count, addresses: stack.urls.kafka ?? '', kafka });
    this.crew = parts.crew;
    this.files = new InputFiles(account.name, { inbox: join(dataDir, 'inbox'), aside: join(dataDir, 'aside') });
    this.#evidence = new Evidence(kafka, codec, { simulatorUrl, accountOf: (sid) => (sid === account.sid ? account.name : sid) });
    this.#record = new PublicRecord(new KafkaLogReader({ kafka, codec }));
    this.#suppressor = new Suppressor(writer, contactKey);
  }

  static async create({ callsPerSecond, place, brokers }: ChaosTerms): Promise<ChaosBench> {
    const dataDir = mkdtempSync(join(tmpdir(), 'paceline-chaos-'));
    const portBase = await freePortBase({ from: 25_000 + place * 800 + (process.pid % 20) * 40, step: 40, ports: portsOfACrew });
    const simulatorUrl = `http://127.0.0.1:${portBase}`;
    const stack = await startStack({ dataDir, portBase, parts: ['kafka', 'registry'], brokers, given: {} });
    let bench: ChaosBench | null = null;
    try {
      bench = await ChaosBench.#over({ dataDir, simulatorUrl, stack, callsPerSecond, brokers }, portBase);
      await bench.crew.start('simulator', ...victims);
      bench.#feed();
      return bench;
    } catch (error) {
      await (bench === null ? stack.stop() : bench.dispose());
      throw error;
    }
  }

  static async #over(place: Place, portBase: number): Promise<ChaosBench> {
    const { dataDir, simulatorUrl, stack, callsPerSecond } = place;
    for (const folder of ['logs', 'inbox']) mkdirSync(join(dataDir, folder), { recursive: true });
    writeFileSync(join(dataDir, 'paceline.yaml'), settingsOf(simulatorUrl, callsPerSecond));
    const env = serviceEnv(stack, { dataDir, contactKey });
    const crew = new Crew({ portBase, env, logFileOf: (member) => join(dataDir, 'logs', `${member}.log`) });
    const bench = new ChaosBench(place, { ...(await readyLog(stack, 'chaos-bench')), crew });
    bench.#evidence.start();
    await bench.#record.start();
    return bench;
  }

  /** Waits until the simulator has received so many calls more. */
  async moreCalls(count: number): Promise<void> {
    const made = async (): Promise<number> => [...(await this.#evidence.calls()).values()].reduce((sum, n) => sum + n, 0);
    const before = await made();
    await eventually(`${count} more calls`, async () => (await made()) >= before + count, 60_000);
  }

  /** No new files; waits until every row that was dropped has an outcome, as long as outcomes come. */
  async drain(idleMs = 90_000): Promise<void> {
    this.#feeding = false;
    await this.#fed;
    await this.crew.ready();
    for (let left = this.#waiting(); left > 0; left = this.#waiting()) {
      const goesOn = (): boolean => {
        this.crew.revive();
        return this.#waiting() < left;
      };
      // No outcome came for so long: the judge names the rows that are lost.
      if (
        !(await eventually('another outcome', goesOn, idleMs).then(
          () => true,
          () => false,
        ))
      )
        return;
    }
  }

  async history(): Promise<ChaosHistory> {
    const { files } = this.files;
    const { refusals, reads } = await this.#record.read();
    const refused = new Set(refusals.map(({ requestId }) => requestId));
    const rows = new Set(files.flatMap((file) => file.rows.map(({ requestId }) => requestId)).filter((id) => !refused.has(id)));
    const { slots, returns, claims, responses, outcomes, arrivals } = await this.#evidence.history(rows, 'whole');
    const own = { rows, slots, returns, claims, responses, outcomes, arrivals };
    const calls = await ledgerCalls(this.place.simulatorUrl);
    const { callsPerSecond } = this.place;
    return { ...own, files, refusals, reads, calls, suppressedAt: this.#suppressor.visibleSince, account: account.name, callsPerSecond };
  }

  async dispose(): Promise<void> {
    this.#feeding = false;
    await this.#fed.catch(() => undefined);
    await Promise.all([this.#evidence.stop(), this.#record.stop()]);
    await this.parts.writer.stop();
    await this.crew.killAll();
    await this.place.stack.stop();
    if (process.env['PACELINE_KEEP_LOGS'] === undefined) rmSync(this.place.dataDir, { recursive: true, force: true });
  }

  /** Keeps rows waiting, and services there. */
  #feed(): void {
    this.#feeding = true;
    this.#fed = (async () => {
      while (this.#feeding) {
        if (this.#waiting() < this.place.callsPerSecond * waitingSeconds) await this.#drop();
        this.crew.revive();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    // Told by whoever waits for it; until then it is no unhandled error.
    this.#fed.catch(() => undefined);
  }

  async #drop(): Promise<void> {
    const before = this.files.files.at(-1)?.rows ?? [];
    const file = this.files.drop({ rows: this.place.callsPerSecond * fileSeconds, now: systemClock.wallMicros() });
    for (const { requestId } of file.rows) this.#open.add(requestId);
    const throttle = { match: { toSuffix: '9' }, action: { type: 'status', status: 429, code: 20429 }, count: 4 };
    const answer = await fetch(`${this.place.simulatorUrl}/_sim/faults`, { method: 'POST', body: JSON.stringify(throttle) });
    if (!answer.ok) throw new Error(`the simulator took no fault: ${await answer.text()}`);
    // Those of the file before: read by now, and its last rows still wait.
    await this.#suppressor.suppress(before.filter(({ suppressed }) => suppressed));
  }

  #waiting(): number {
    const [{ closed }, { refused }] = [this.#evidence, this.#record];
    for (const requestId of this.#open) if (closed.has(requestId) || refused.has(requestId)) this.#open.delete(requestId);
    return this.#open.size;
  }
}
