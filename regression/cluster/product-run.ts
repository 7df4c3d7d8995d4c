// The whole product on three brokers as `npm start` runs it, a file in its folder, brokers that die meanwhile; judged by the
// log and by the server's own ledger.
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectKafka, LogOffsets, type TopicPartition } from '@paceline/adapter-kafka';
import { batchIdOf, Codec, registryIds, requestIdOf } from '@paceline/contracts';
import { portOf } from '@paceline/local';
import { eventually, QuietLogger, systemClock } from '@paceline/testing';
import { Paceline } from '../../e2e/paceline-process.ts';
import { recoveries } from '../chaos/recovery.ts';
import { Brokers } from '../pacing/brokers.ts';
import { Evidence } from '../pacing/evidence.ts';
import type { History } from '../pacing/history.ts';
import { judge, type Verdict } from '../pacing/judge.ts';
import { OwnServer } from './own-server.ts';

const account = { name: 'demo', sid: 'AC00000000000000000000000000000001' };
const services = ['ingestor', 'pacer', 'sender', 'error-router', 'archiver'] as const;
const lateToleranceMs = 12;
/** From the death of a broker to its next start. */
const awayMs = 8_000;

export interface RunTerms {
  readonly rows: number;
  readonly callsPerSecond: number;
  /** Each broker is killed in turn and started again 8 s later. */
  readonly kills: boolean;
}

export interface RunVerdict extends Verdict {
  /** Rows without an outcome when everything had had its time. */
  readonly lost: number;
  /** Rows that the server accepted more than once. */
  readonly twice: number;
  readonly pauses: readonly Pause[];
}

/** What the death of a broker made of the calls. */
export interface Pause {
  /** Milliseconds from the kill to the first call after the pause that it made; 0 = no pause of a second. */
  readonly ms: number;
  /** Milliseconds from the kill until the other brokers named new leaders: nobody can write before. */
  readonly clusterMs: number;
}

const settingsOf = (serverUrl: string, callsPerSecond: number): string =>
  [
    'accounts:',
    `  - name: ${account.name}`,
    `    sid: ${account.sid}`,
    '    authToken: simulator',
    `    baseUrl: ${serverUrl}`,
    `    callsPerSecond: ${callsPerSecond}`,
    `    maxInFlight: ${Math.max(40, callsPerSecond / 2)}`,
    '    callbacks: {publicUrl: "http://127.0.0.1:9"}',
    'sources:',
    `  - {name: drop, folder: ./inbox, account: ${account.name}, stable: 300ms}`,
    'ingest: {pollMs: 200}',
    // Longer than a cluster needs for an election: an answer that waits for one is no doubt.
    'reconcile: {clientTimeout: 10s, providerTimeout: 5s, skew: 5s}',
    '',
  ].join('\n');

/** Longer than this after the cluster was whole enough, and the seconds around the kill are printed: somebody has to look. */
const unexplainedMs = 4_000;
const secondMicros = 1_000_000;

function tellSeconds({ slots, claims, arrivals, responses }: History, since: number): void {
  const lines: Readonly<Record<string, readonly number[]>> = {
    slots: slots.map(({ slotAt }) => slotAt),
    claims: claims.map(({ deadline }) => deadline),
    arrivals: arrivals.map(({ at }) => at),
    'responses on record': responses.map(({ recordedMs }) => recordedMs * 1_000),
  };
  for (const [name, instants] of Object.entries(lines)) {
    const counts = Array.from({ length: 40 }, (_, n) => {
      const from = since + (n - 3) * secondMicros;
      return instants.filter((at) => at >= from && at < from + secondMicros).length;
    });
    process.stderr.write(`${name} by second, from 3 s before the kill: ${counts.join(' ')}\n`);
  }
}

interface Death {
  /** UTC microseconds. */
  readonly at: number;
  readonly clusterMs: number;
}

interface Parts {
  readonly evidence: Evidence;
  readonly brokers: Brokers;
  readonly offsets: LogOffsets;
  /** Of the topic that every call passes. */
  readonly partitions: readonly TopicPartition[];
}

async function partsOf(paceline: Paceline, server: OwnServer): Promise<Parts> {
  const urls = paceline.urls();
  const addresses = urls.kafka ?? '';
  const kafka = connectKafka({ brokers: addresses.split(','), clientId: 'product-run' }, new QuietLogger());
  const codec = new Codec(registryIds({ url: urls.registry ?? '' }));
  await codec.warm();
  const accountOf = (sid: string): string => (sid === account.sid ? account.name : sid);
  const evidence = new Evidence(kafka, codec, { simulatorUrl: server.url, accountOf });
  evidence.start();
  const offsets = new LogOffsets(kafka.kafka);
  await offsets.connect();
  const partitions = await offsets.partitionsOf(['paceline.slots', 'paceline.attempts', 'paceline.requests']);
  return { evidence, offsets, partitions, brokers: new Brokers({ dataDir: join(paceline.dataDir, 'data'), count: 3, addresses, kafka }) };
}

/** Each service of the product says so. */
async function areReady(portBase: number): Promise<boolean> {
  const answers = services.map((name) => fetch(`http://127.0.0.1:${portOf(portBase, name)}/readyz`).then(({ ok }) => ok));
  return Promise.all(answers).then(
    (all) => all.every(Boolean),
    () => false,
  );
}

/** A product that runs; files are given to it one after the other. */
export class ProductRun {
  #files = 0;

  private constructor(
    private readonly paceline: Paceline,
    private readonly server: OwnServer,
    private readonly parts: Parts,
  ) {}

  static async start(callsPerSecond: number): Promise<ProductRun> {
    const server = await OwnServer.start();
    const paceline = await Paceline.create();
    mkdirSync(join(paceline.dataDir, 'inbox'));
    const settings = paceline.write('paceline.yaml', settingsOf(server.url, callsPerSecond));
    // Nobody is started again: a service that a broker's death ends is a failure here.
    const ended = paceline.start(['--brokers', '3', '--settings', settings, '--no-simulator', '--no-restart', '--rows', '1']);
    try {
      await eventually('the product is ready', () => areReady(paceline.portBase), 180_000);
      return new ProductRun(paceline, server, await partsOf(paceline, server));
    } catch (error) {
      await Promise.all([paceline.stop(), server.stop()]);
      throw new Error(`${(error as Error).message}\n${(await ended).stderr.slice(-2_000)}`, { cause: error });
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.parts.evidence.stop(), this.parts.offsets.close()]);
    await this.paceline.dispose();
    await this.server.stop();
  }

  /** One file, and the verdict when all of it has ended. */
  async run({ rows, callsPerSecond, kills }: RunTerms): Promise<RunVerdict> {
    const { evidence, brokers } = this.parts;
    const before = await this.server.received();
    const requests = this.#drop(rows);
    await eventually('the first calls', async () => (await this.server.received()) > before + callsPerSecond, 60_000);
    const killed = kills ? await this.#killEach() : [];
    const open = (): readonly string[] => requests.filter((requestId) => !evidence.closed.has(requestId));
    const boundMs = (rows / callsPerSecond) * 3_000 + 120_000;
    await eventually('every row has an outcome', () => open().length === 0, boundMs).catch(() => undefined);
    await brokers.whole();
    const history = await evidence.history(new Set(requests));
    const accepted = history.arrivals.filter((arrival) => arrival.accepted);
    const { length: distinct } = [...new Set(accepted.map(({ requestId }) => requestId))];
    const verdict = judge(history, { accounts: [{ name: account.name, callsPerSecond, lanes: new Map() }], lateToleranceMs });
    const pauses = recoveries(
      killed,
      accepted.map(({ at }) => at),
    );
    for (const { kill, ms } of pauses) if ((ms ?? Infinity) > kill.clusterMs + unexplainedMs) tellSeconds(history, kill.at);
    return {
      ...verdict,
      lost: open().length,
      twice: accepted.length - distinct,
      pauses: pauses.map(({ kill: { clusterMs }, ms, paused }) => ({ ms: paused ? Math.round(ms ?? Infinity) : 0, clusterMs })),
    };
  }

  async #killEach(): Promise<readonly Death[]> {
    const { brokers } = this.parts;
    const deaths: Death[] = [];
    for (const n of brokers.numbers) {
      const at = systemClock.wallMicros();
      await brokers.kill(n);
      const [clusterMs] = await Promise.all([this.#leftBy(n, at), pause(awayMs)]);
      deaths.push({ at, clusterMs });
      await brokers.start(n);
      await brokers.whole();
    }
    return deaths;
  }

  /** Milliseconds until nothing is led by the broker any more, by the word of the others. */
  async #leftBy(n: number, since: number): Promise<number> {
    const { offsets, partitions } = this.parts;
    await eventually(`broker ${n} leads nothing`, async () => {
      const leaders = await offsets.leaders(partitions);
      return leaders.size === partitions.length && [...leaders.values()].every(({ leader }) => leader >= 0 && leader !== n);
    });
    return Math.round((systemClock.wallMicros() - since) / 1_000);
  }

  /** Whole and at once: written aside, then moved. */
  #drop(rows: number): readonly string[] {
    const file = (this.#files += 1);
    const lines = Array.from({ length: rows }, (_, at) => `+1555${String(file * 100_000 + at).padStart(7, '0')},+15005550006,row ${at}`);
    const content = ['To,From,Body', ...lines, ''].join('\n');
    const batchId = batchIdOf(createHash('sha256').update(content).digest('hex'), account.name, '');
    const aside = join(this.paceline.dataDir, `rows-${file}.csv`);
    writeFileSync(aside, content);
    renameSync(aside, join(this.paceline.dataDir, 'inbox', `rows-${file}.csv`));
    return lines.map((_, at) => requestIdOf(batchId, at + 1));
  }
}
