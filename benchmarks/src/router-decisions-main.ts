// Decisions in a process of their own; prints one line of JSON.
import { DecisionsWorld } from './router-decisions.ts';

export interface DecisionsReport {
  readonly decisions: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the whole process, what is not timed included. */
  readonly totalCpuSeconds: number;
}

const decisions = Number(process.argv[2] ?? 20_000);
const portion = 10_000;

const world = await DecisionsWorld.create();
await world.route(world.portions(2 * portion)); // compiled by then
const before = world.decided;
let [seconds, cpuMicros] = [0, 0];
for (let left = decisions; left > 0; left -= portion) {
  const portions = world.portions(Math.min(portion, left));
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  await world.route(portions);
  seconds += (performance.now() - from) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  cpuMicros += user + system;
}
const { user, system } = process.cpuUsage();
const totals = { cpuSeconds: cpuMicros / 1e6, totalCpuSeconds: (user + system) / 1e6 };
const report: DecisionsReport = { decisions: world.decided - before, seconds, ...totals };
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);
