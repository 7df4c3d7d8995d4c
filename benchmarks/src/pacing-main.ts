// `npm run bench:pacing`: product and peers on one simulator, judged by its ledger.
// Exit codes: 0 all bars met, 1 a bar missed, 2 usage, 5 cannot run, 130 interrupted.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planOf, runAll, type RanAll } from './bench-run.ts';
import { productCases } from './cases/product-cases.ts';
import { outcomesOfAll, plotData } from './judge-runs.ts';
import { readOptions, usage, type BenchOptions } from './options.ts';
import { publish } from './report/publish.ts';
import { runFacts } from './report/run-facts.ts';
import { resultLines, type CaseOutcome } from './report/result-line.ts';
import { BenchWorld } from './world/bench-world.ts';
import { installPeers } from './world/peer.ts';
import { hasProcStat } from './world/proc-stat.ts';
import { SlotLog } from './world/slot-log.ts';

const print = (line: string): void => void process.stderr.write(`${line}\n`);

interface Finished {
  readonly ran: RanAll;
  readonly outcomes: readonly CaseOutcome[];
}

async function measure(options: BenchOptions, dataDir: string, signal: AbortSignal): Promise<Finished> {
  const { accounts, cases } = productCases(options.mode);
  const plan = planOf(options, cases);
  if (plan.product.length + plan.peers.length === 0) throw new Error(`no case has ${options.only} in its name`);
  const peersInstalled = plan.peers.length > 0 && installPeers(print);
  const world = await BenchWorld.start({ dataDir, portBase: options.portBase, accounts, print, signal });
  try {
    const ran = await runAll(world, { ...plan, peersInstalled });
    print('reading the log');
    const log = new SlotLog();
    await log.read(world.logReader());
    return { ran, outcomes: outcomesOfAll(ran, log) };
  } finally {
    await world.stop();
  }
}

async function bench(options: BenchOptions): Promise<number> {
  const cancel = new AbortController();
  const interrupt = (): void => cancel.abort(new Error('interrupted'));
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const name = options.mode === 'full' ? 'pacing' : 'pacing-quick';
  const facts = runFacts(name);
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'paceline-bench-'));
  try {
    const { ran, outcomes } = await measure(options, dataDir, cancel.signal);
    const keep = options.only === '' && options.peers;
    const { missed } = publish(resultLines(facts, outcomes), { name, plot: plotData(ran), keep });
    return missed === 0 ? 0 : 1;
  } catch (error) {
    if (!cancel.signal.aborted) throw error;
    print('interrupted; everything that was started is stopped');
    return 130;
  } finally {
    if (options.dataDir === null) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    print(usage);
    return 0;
  }
  let options: BenchOptions;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    print(`${(error as Error).message}\n${usage}`);
    return 2;
  }
  if (!hasProcStat()) {
    print('this benchmark counts processor time by /proc, which this system does not have');
    return 5;
  }
  return bench(options);
}

process.exitCode = await main().catch((error: unknown) => {
  print(error instanceof Error ? error.message : String(error));
  return 5;
});
process.exit();
