import type { Arrival } from '../judge/evidence.ts';
import type { BenchWorld } from '../world/bench-world.ts';
import { nowMicros } from '../world/bench-world.ts';
import { startCpuMeter, type CpuUse } from '../world/cpu-meter.ts';
import { startPeer, type Peer } from '../world/peer.ts';
import { rowsFor, type PeerCase } from './case.ts';

export interface PeerRun {
  readonly from: number;
  readonly to: number;
  readonly cpu: CpuUse;
  readonly arrivals: readonly Arrival[];
}

async function startWorkers(
  world: BenchWorld,
  one: PeerCase,
  { sid, run }: { readonly sid: string; readonly run: string },
): Promise<Peer[]> {
  const rows = Math.ceil(rowsFor(one.rate, one.seconds) * 1.5);
  const job = { url: world.ledger.url, sid, run, rate: one.rate, rows, redisPort: world.redis?.port ?? null };
  const peers: Peer[] = [];
  try {
    for (let n = 0; n < one.workers; n += 1) peers.push(await startPeer(one.script, { ...job, first: n === 0 }));
    return peers;
  } catch (error) {
    await Promise.all(peers.map((peer) => peer.stop()));
    throw error;
  }
}

export async function runPeerCase(
  world: BenchWorld,
  one: PeerCase,
  names: { readonly sid: string; readonly run: string },
): Promise<PeerRun> {
  const peers = await startWorkers(world, one, names);
  try {
    await world.wait(500);
    const { requests } = await world.ledger.summary();
    const metered = peers.map(({ pid }, index) => ({ name: peers.length === 1 ? 'peer' : `peer ${index + 1}`, pid }));
    const stopMeter = startCpuMeter([...(await world.processes()), ...metered]);
    const from = nowMicros();
    for (const peer of peers) peer.go();
    await world.wait(one.seconds * 1_000);
    const to = nowMicros();
    const cpu = stopMeter();
    await Promise.all(peers.map((peer) => peer.stop()));
    await world.wait(500);
    await world.requireAllAlive();
    const arrivals = await world.ledger.arrivalsSince(requests);
    return { from, to, cpu, arrivals: arrivals.get(names.sid) ?? [] };
  } finally {
    await Promise.all(peers.map((peer) => peer.stop()));
  }
}
