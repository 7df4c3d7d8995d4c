// The router as it runs anywhere, on a backlog of claims and answers.
import { recordOf, type EventOf } from '@paceline/contracts';
import type { EventRecord } from '@paceline/pipeline';
import { claimOf, responseTo } from './router-records.ts';
import type { SenderWorld } from './sender-world.ts';
import { benchAccount } from './sender-world.ts';
import { benchBatchId, rowRecords, senderNumber } from './world/bench-rows.ts';
import { nowMicros } from './world/bench-world.ts';
import { cpuSecondsOf } from './world/proc-stat.ts';

export interface DrainRun {
  readonly decisions: number;
  /** From the first decision to the last, by the router's own clock. */
  readonly seconds: number;
  /** Of the router since it was ready, and the decisions made since then. */
  readonly ready: { readonly cpuSeconds: number; readonly decisions: number };
  /** Of the router, its start included. */
  readonly cpuSeconds: number;
}

const writeChunk = 2_000;
const patienceMs = 60_000;

async function fill(world: SenderWorld, batchId: string, rows: number): Promise<void> {
  // Recipients of nobody else: some of them are suppressed by this.
  const place = { account: benchAccount.name, batchId, contactKey: `${world.contactKey}/drain`, now: nowMicros() };
  const admitted = rowRecords({ weight: 1, rows, senders: [senderNumber(1), senderNumber(2)], costs: [1] }, place);
  const claims = admitted.map(({ event: { data }, headers = {} }) => ({
    headers,
    event: claimOf((data as EventOf<'RequestAdmitted'>['data']).request, nowMicros()),
  }));
  for (let at = 0; at < claims.length; at += writeChunk) {
    const portion = claims.slice(at, at + writeChunk);
    await world.write(portion.map(({ event, headers }) => recordOf(event, headers)));
    await world.write(portion.map(({ event, headers }, n) => recordOf(responseTo(event, at + n), headers)));
  }
}

/** When each row was decided. */
class Decided {
  readonly times: number[] = [];

  constructor(private readonly batchId: string) {}

  fold({ event }: EventRecord): void {
    if (event.type === 'RequestClosed' && event.data.batchId === this.batchId) this.times.push(event.data.meta.occurredAt);
    if (event.type === 'RetryScheduled' && event.data.request.batchId === this.batchId) this.times.push(event.data.meta.occurredAt);
  }
}

const routerCpu = async (world: SenderWorld): Promise<number> => cpuSecondsOf(await world.pidOf('error-router')) ?? NaN;

/** Starts the router once the backlog is written; resolves when all of it is decided. */
export async function runDrain(world: SenderWorld, rows: number): Promise<DrainRun> {
  const batchId = benchBatchId('drain', nowMicros());
  await fill(world, batchId, rows);
  const decided = new Decided(batchId);
  const follower = await world.reader.follow(['paceline.outcomes', 'paceline.requests'], (record) => decided.fold(record));
  try {
    await world.run(['error-router']);
    const [readyAt, before] = [nowMicros(), await routerCpu(world)];
    const deadline = performance.now() + patienceMs;
    while (decided.times.length < rows && performance.now() < deadline) await world.wait(200);
    const cpuSeconds = await routerCpu(world);
    if (decided.times.length < rows) throw new Error(`${decided.times.length} of ${rows} decided after ${patienceMs / 1_000} s`);
    decided.times.sort((a, b) => a - b);
    const [first = NaN, last = NaN] = [decided.times[0], decided.times.at(-1)];
    const ready = { cpuSeconds: cpuSeconds - before, decisions: decided.times.filter((at) => at >= readyAt).length };
    return { decisions: rows, seconds: (last - first) / 1_000_000, ready, cpuSeconds };
  } finally {
    await follower.stop();
  }
}
