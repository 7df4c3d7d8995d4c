// `npm run bench:pacing`: product and peers on one simulator, judged by its ledger.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interruptible, print, runCommand } from './bench-command.ts';
import { planOf, runAll, type RanAll } from './bench-run.ts';
import { productCases } from './cases/product-cases.ts';
import { outcomesOfAll, plotData } from './judge-runs.ts';
import { readOptions, usage, type BenchOptions } from './options.ts';
import { publish } from './report/publish.ts';
import { peerRunFacts } from './report/run-facts.ts';
import { resultLines, type CaseOutcome } from './report/result-line.ts';
import { BenchWorld } from './world/bench-world.ts';
import { installPeers } from './world/peer.ts';
import { SlotLog } from './world/slot-log.ts';

interface Finished {
  readonly ran: RanAll;
  readonly outcomes: readonly CaseOutcome[];
}

/** After the last answer; whoever is further behind is behind for good. */
const decidedWithinMs = 5_000;

async function measure(options: BenchOptions, dataDir: string, signal: AbortSignal): Promise<Finished> {
  const { accounts, cases } = productCases(options.mode);
  const plan = planOf(options, cases);
  if (plan.product.length + plan.peers.length === 0) throw new Error(`no case has ${options.only} in its name`);
  const peersInstalled = plan.peers.length > 0 && installPeers(print);
  const world = await BenchWorld.start({ dataDir, portBase: options.portBase, accounts, print, signal });
  try {
    const ran = await runAll(world, { ...plan, peersInstalled });
    print('reading the log');
    await world.wait(decidedWithinMs);
    const log = new SlotLog();
    await log.read(world.logReader());
    return { ran, outcomes: outcomesOfAll(ran, log) };
  } finally {
    await world.stop();
  }
}

async function bench(options: BenchOptions, signal: AbortSignal): Promise<number> {
  const name = options.mode === 'full' ? 'pacing' : 'pacing-quick';
  const facts = peerRunFacts(name);
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'paceline-bench-'));
  try {
    const { ran, outcomes } = await measure(options, dataDir, signal);
    const keep = options.only === '' && options.peers;
    const { missed } = publish(resultLines(facts, outcomes), { name, plot: plotData(ran), keep });
    return missed === 0 ? 0 : 1;
  } finally {
    if (options.dataDir === null) rmSync(dataDir, { recursive: true, force: true });
  }
}

await runCommand({
  usage,
  options: () => readOptions(process.argv.slice(2)),
  needsProcStat: true,
  run: (options) => interruptible((signal) => bench(options, signal)),
});
