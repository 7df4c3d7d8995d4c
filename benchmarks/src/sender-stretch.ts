// One stretch of slots through the real sender: at which rate, for how long, and what was seen meanwhile.
import { readFileSync } from 'node:fs';
import { grant, plannedSlots } from './sender-slots.ts';
import { simulated, type SenderWorld } from './sender-world.ts';
import { benchBatchId } from './world/bench-rows.ts';
import { nowMicros } from './world/bench-world.ts';
import { startCpuMeter, type CpuUse } from './world/cpu-meter.ts';

export interface Stretch {
  readonly name: string;
  /** Slots per second. */
  readonly rate: number;
  readonly latencyMs: number;
  /** Of the stretch, not measured. */
  readonly warmSeconds: number;
  readonly seconds: number;
}

/** Its memory at an instant, with the simulator's own count of calls under way. */
interface MemorySample {
  readonly rssMb: number;
  readonly inFlight: number;
}

export interface StretchRun {
  readonly batchId: string;
  readonly slotAtOf: ReadonlyMap<string, number>;
  /** Of the measured part, UTC microseconds. */
  readonly from: number;
  readonly to: number;
  readonly cpu: CpuUse;
  readonly memory: readonly MemorySample[];
  /** What the simulator received during the whole of it. */
  readonly requests: number;
}

const startInMs = 1_500;
/** What making a slot takes of the time before the first of them. */
const perSlotMs = 0.06;
const sampleEveryMs = 250;

function rssMbOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kilobytes ?? NaN) * 1_024) / 1e6;
}

async function sampled(world: SenderWorld, until: number): Promise<MemorySample[]> {
  const pid = await world.pidOf('sender');
  const samples: MemorySample[] = [];
  while (nowMicros() < until) {
    const { inFlight } = await world.ledger.summary();
    samples.push({ rssMb: rssMbOf(pid), inFlight });
    await world.wait(Math.min(sampleEveryMs, (until - nowMicros()) / 1_000));
  }
  return samples;
}

export async function runStretch(world: SenderWorld, { name, rate, latencyMs, warmSeconds, seconds }: Stretch): Promise<StretchRun> {
  await world.ledger.configure(simulated(latencyMs));
  const batchId = benchBatchId('sender', name, nowMicros());
  const firstAt = nowMicros() + Math.round((startInMs + rate * (warmSeconds + seconds) * perSlotMs) * 1_000);
  const slots = plannedSlots({ batchId, rate, seconds: warmSeconds + seconds, firstAt }, world.contactKey);
  const { requests: before } = await world.ledger.summary();
  const [from, to] = [firstAt + warmSeconds * 1_000_000, firstAt + (warmSeconds + seconds) * 1_000_000];
  const granting = grant(world, slots);
  await Promise.race([granting, world.wait((from - nowMicros()) / 1_000)]);
  const stopMeter = startCpuMeter(await world.processes());
  const memory = await sampled(world, to);
  const cpu = stopMeter();
  await granting;
  await world.wait(latencyMs + 1_500);
  await world.requireAllAlive();
  const { requests } = await world.ledger.summary();
  const slotAtOf = new Map(slots.map(({ attemptId, slotAt }) => [attemptId, slotAt]));
  return { batchId, slotAtOf, from, to, cpu, memory, requests: requests - before };
}
