// One attempt of a case: rows are written while the account is paused, so that all of them wait when the pace begins.
import type { Arrival } from '../judge/evidence.ts';
import { benchBatchId, rowRecords, type Wish } from '../world/bench-rows.ts';
import { nowMicros, type BenchWorld } from '../world/bench-world.ts';
import { startCpuMeter, type CpuUse } from '../world/cpu-meter.ts';
import { sumOf } from '../world/scrape.ts';
import type { Marks, Party, ProductCase } from './case.ts';

export interface PartyRun {
  readonly party: Party;
  readonly batchIds: readonly string[];
  readonly arrivals: readonly Arrival[];
  readonly lost: number;
}

export interface ProductRun {
  readonly from: number;
  readonly to: number;
  readonly marks: Marks;
  readonly cpu: CpuUse;
  readonly parties: readonly PartyRun[];
}

interface Started {
  readonly party: Party;
  readonly batchIds: readonly string[];
}

/** Longest wait for rows to be held, and for calls to end. */
const patienceMs = 20_000;
const writeChunk = 5_000;

const entityOf = ({ party }: Started): string => `account:${party.account.name}`;

async function place(world: BenchWorld, { party, batchIds }: Started): Promise<void> {
  for (const [index, plan] of party.batches.entries()) {
    const batchId = batchIds[index] ?? '';
    const records = rowRecords(plan, { account: party.account.name, batchId, contactKey: world.contactKey, now: nowMicros() });
    for (let at = 0; at < records.length; at += writeChunk) await world.write(records.slice(at, at + writeChunk));
  }
}

const rowsOf = ({ party }: Started): number => party.batches.reduce((sum, { rows }) => sum + rows, 0);

async function until(world: BenchWorld, holds: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await world.wait(200);
  }
  return true;
}

async function heldByPacers(world: BenchWorld, started: readonly Started[]): Promise<boolean> {
  const pages = await world.pacerPages();
  return started.every((one) => sumOf(pages, 'paceline_pacer_waiting_rows', one.party.account.name) >= rowsOf(one));
}

/** Slots that are out are called or returned, calls under way end. */
async function quiet(world: BenchWorld): Promise<void> {
  await world.wait(1_000);
  let before = -1;
  const ended = await until(world, async () => {
    const { requests, inFlight } = await world.ledger.summary();
    const still = inFlight === 0 && requests === before;
    before = requests;
    return still;
  });
  if (!ended) world.options.print('  calls go on after the case was cancelled');
}

async function prepare(world: BenchWorld, started: readonly Started[]): Promise<void> {
  const weights = started.flatMap(({ party, batchIds }) =>
    party.batches.map(({ weight }, index): Wish => ({ entity: `batch:${batchIds[index] ?? ''}`, aspect: 'weight', value: weight })),
  );
  await world.wish(...started.map((one): Wish => ({ entity: entityOf(one), aspect: 'paused', value: true })), ...weights);
  for (const one of started) await place(world, one);
  if (!(await until(world, () => heldByPacers(world, started)))) world.options.print('  the pacer does not report all rows as waiting');
  await world.wait(1_000);
}

const lostOf = (pages: readonly string[], { party }: Started): number =>
  sumOf(pages, 'paceline_pacer_lost_slots_total', party.account.name);

interface Measured {
  readonly from: number;
  readonly to: number;
  readonly marks: Marks;
  readonly cpu: CpuUse;
  readonly lost: readonly number[];
}

async function measure(world: BenchWorld, one: ProductCase, started: readonly Started[]): Promise<Measured> {
  const before = await world.pacerPages();
  const stopMeter = startCpuMeter(await world.processes());
  const from = await world.wish(...started.map((each): Wish => ({ entity: entityOf(each), aspect: 'paused', value: null })));
  const marks = one.during === undefined ? {} : await one.during(world);
  if (one.during === undefined) await world.wait(one.seconds * 1_000);
  const to = nowMicros();
  const cpu = stopMeter();
  const after = await world.pacerPages();
  return { from, to, marks, cpu, lost: started.map((each) => lostOf(after, each) - lostOf(before, each)) };
}

async function finish(world: BenchWorld, started: readonly Started[]): Promise<void> {
  await world.wish(
    ...started.flatMap(({ batchIds }) => batchIds.map((id): Wish => ({ entity: `batch:${id}`, aspect: 'cancelled', value: true }))),
  );
  await quiet(world);
}

export async function runProductCase(world: BenchWorld, one: ProductCase, attempt: number): Promise<ProductRun> {
  const started = one.parties.map((party) => ({
    party,
    batchIds: party.batches.map((_, index) => benchBatchId(one.name, party.account.name, attempt, index)),
  }));
  await one.before?.(world);
  try {
    await prepare(world, started);
    const { requests } = await world.ledger.summary();
    const { lost, ...measured } = await measure(world, one, started);
    await finish(world, started);
    await world.requireAllAlive();
    const arrivals = await world.ledger.arrivalsSince(requests);
    const parties = started.map((each, index) => ({
      ...each,
      arrivals: arrivals.get(world.sidOf(each.party.account.name)) ?? [],
      lost: lost[index] ?? 0,
    }));
    return { ...measured, parties };
  } finally {
    if (!world.signal.aborted) await one.after?.(world);
  }
}
