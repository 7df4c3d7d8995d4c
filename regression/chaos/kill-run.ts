// One run of the kill matrix: every label once, then kills at random instants, then the verdict.
import { transactionLabels } from '@paceline/adapter-kafka';
import { runningLabels, stoppingLabels } from '../../apps/sender/src/checkpoint.ts';
import type { BrokerCount, BrokerNumber } from '@paceline/local';
import { systemClock } from '@paceline/testing';
import { ChaosBench } from './chaos-bench.ts';
import { victims, type Trap, type Victim } from './crew.ts';
import { judge, type Verdict } from './invariants.ts';
import { recoveries, type Recovery } from './recovery.ts';
import { oneOf, seeded, upTo, type Random } from './seeded.ts';

export interface Target {
  readonly victim: Victim;
  readonly label: string;
  /** Which passing ends the process, at most: another one in each run. */
  readonly mostPassings: number;
  readonly stopping: boolean;
}

const most = (label: string): number => (label === 'slots:before-room' ? 1 : 15);

/** The sender at each of its labels, first the ones on the way, then the ones of an orderly end. */
export const senderTargets: readonly Target[] = [
  ...[...runningLabels, ...transactionLabels].map((label) => ({
    victim: 'sender' as const,
    label,
    mostPassings: most(label),
    stopping: false,
  })),
  ...stoppingLabels.map((label) => ({ victim: 'sender' as const, label, mostPassings: 1, stopping: true })),
];

/** The others at each step of their transactions. */
export const otherTargets: readonly Target[] = (['ingestor', 'pacer', 'error-router'] as const).flatMap((victim) =>
  transactionLabels.map((label) => ({ victim, label, mostPassings: victim === 'ingestor' ? 3 : 15, stopping: false })),
);

export interface KillPlan {
  readonly seed: number;
  readonly targets: readonly Target[];
  /** Senders that have a trap at a time; with two, one starts while the other works, and each takes over from the other. */
  readonly seats: 1 | 2;
  readonly randomKills: number;
  /** Mean distance of two random kills: each is uniform from 0 to twice as much after the one before. */
  readonly meanDistanceMs: number;
  readonly callsPerSecond: number;
  readonly brokers: BrokerCount;
  /** Brokers killed while services are killed at random; only of three, one after the other, each back before the next goes. */
  readonly brokerKills: number;
  /** Of runs at the same time each has another number, from 0: its ports lie elsewhere. */
  readonly place: number;
  readonly print: (line: string) => void;
  /** Ends the run early: everything is stopped, and the reason is thrown. */
  readonly signal?: AbortSignal;
}

export interface KillRun {
  readonly verdict: Verdict;
  readonly recoveries: readonly Recovery[];
  /** Labels that were not passed, and ends that nobody asked for. */
  readonly surprises: readonly string[];
}

export async function runKills(plan: KillPlan): Promise<KillRun> {
  const bench = await ChaosBench.create(plan);
  try {
    return await Promise.race([killAll(bench, plan), aborted(plan.signal)]);
  } finally {
    await bench.dispose();
  }
}

function aborted(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal?.reason instanceof Error ? signal.reason : new Error('interrupted'));
    if (signal?.aborted === true) end();
    signal?.addEventListener('abort', end, { once: true });
  });
}

async function killAll(bench: ChaosBench, plan: KillPlan): Promise<KillRun> {
  const random = seeded(plan.seed);
  await bench.moreCalls(10);
  const missed = await killAtLabels(bench, plan, random);
  await bench.crew.ready();
  const waits = Array.from({ length: plan.randomKills }, () => ({
    waitMs: random() * 2 * plan.meanDistanceMs,
    victim: oneOf(random, victims),
  }));
  const brokers = Array.from({ length: plan.brokerKills }, () => oneOf(random, bench.brokers.numbers));
  await Promise.all([
    inTurn(waits, ({ waitMs, victim }) => killAtRandom(bench, waitMs, victim)),
    inTurn(brokers, (n) => killBroker(bench, n, plan)),
  ]);
  plan.print(`${bench.crew.kills.length} kills; waiting for the end of every row`);
  await bench.drain();
  const history = await bench.history();
  const accepted = history.calls.filter((call) => call.accepted).map(({ at }) => at);
  const surprises = [...missed, ...bench.crew.deaths];
  return { verdict: judge(history), recoveries: recoveries(bench.crew.kills, accepted), surprises };
}

/** A label, and what chance makes of it. */
interface Draw {
  readonly target: Target;
  readonly trap: Trap;
  /** Calls before an orderly end is asked for. */
  readonly calls: number;
}

/** Resolves with what was not passed, a sentence each. */
async function killAtLabels(bench: ChaosBench, { targets, seats, print }: KillPlan, random: Random): Promise<string[]> {
  const draws = targets.map((target): Draw => {
    const trap = { label: target.label, nth: upTo(random, target.mostPassings) };
    return { target, trap, calls: upTo(random, 20) };
  });
  const missed: string[] = [];
  const work = async (seat: 'sender-2' | null, left: Draw[]): Promise<void> => {
    for (let draw = left.shift(); draw !== undefined; draw = left.shift()) {
      const name = `${draw.target.victim} at ${draw.target.label}`;
      const began = performance.now();
      const hit = await killAtLabel(bench, draw, seat);
      print(`${name}: ${hit ? 'killed' : 'NOT PASSED'} after ${((performance.now() - began) / 1_000).toFixed(1)} s`);
      if (!hit) missed.push(`${name} was never passed`);
    }
  };
  const [ofSender, ofOthers] = [true, false].map((is) => draws.filter(({ target }) => (target.victim === 'sender') === is));
  await Promise.all([work(null, ofSender ?? []), ...(seats === 2 ? [work('sender-2', ofSender ?? [])] : [])]);
  await work(null, ofOthers ?? []);
  return missed;
}

/** An orderly end that finds nothing waiting passes fewer labels: then the next one is caught at another moment. */
const mostTries = 12;

async function killAtLabel(bench: ChaosBench, { target, trap, calls }: Draw, seat: 'sender-2' | null): Promise<boolean> {
  const { victim, stopping } = target;
  for (let tries = 0; tries < (stopping ? mostTries : 1); tries += 1) {
    const hit = await bench.crew.trap(seat ?? victim, trap, async (process) => {
      if (!stopping) return;
      await process.ready();
      await bench.moreCalls(calls + tries * 7);
      process.terminate();
    });
    if (hit) return true;
  }
  return false;
}

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}

/** As long as a broker is away: longer than the cluster takes to notice it. */
const brokerAwayMs = 8_000;

async function killBroker({ brokers, crew }: ChaosBench, n: BrokerNumber, { print }: KillPlan): Promise<void> {
  crew.kills.push({ victim: 'broker', label: null, at: systemClock.wallMicros() });
  await brokers.kill(n);
  await new Promise((resolve) => setTimeout(resolve, brokerAwayMs));
  await brokers.start(n);
  await brokers.whole();
  print(`broker ${n}: killed and back`);
}

/** Whatever the victim does then, also while it starts. */
async function killAtRandom(bench: ChaosBench, waitMs: number, victim: Victim): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  await bench.crew.killNow(victim);
}
