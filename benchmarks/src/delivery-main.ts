// `npm run chaos:kill`: kill -9 at every label and at random instants. Exit 0 all bars met, 1 a bar missed, 2 usage, 5 cannot run.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@paceline/local';
import { longPlan, quickPlan } from '../../regression/chaos/kill-plans.ts';
import { runKills, type KillPlan, type KillRun } from '../../regression/chaos/kill-run.ts';
import { deliveryOutcomes, type DeliveryTerms } from './delivery-figures.ts';
import { readDeliveryOptions, usage, type DeliveryOptions } from './delivery-options.ts';
import { deliveryPage, type DeliveryHow } from './delivery-page.ts';
import { resultLines, verdict, type ResultLine, type RunFacts } from './report/result-line.ts';
import { runFacts } from './report/run-facts.ts';
import { barTable } from './report/tables.ts';

const print = (line: string): void => void process.stderr.write(`${line}\n`);
const say = (text: string): void => void process.stdout.write(`${text}\n`);

function factsOf(bench: string): RunFacts {
  const facts = runFacts(bench);
  const { kafkajs = '', processor = '', cores = '', memory = '', kernel = '' } = facts.versions;
  return { ...facts, versions: { kafkajs, processor, cores, memory, kernel } };
}

function tell(round: number, plan: KillPlan, { verdict: judged, recoveries, surprises }: KillRun): void {
  const { rows, lost, doubled, doubts, violations } = judged;
  print(`round ${round}, seed ${plan.seed}: ${recoveries.length} kills, ${rows} rows, lost ${lost}, double ${doubled}, doubts ${doubts}`);
  for (const [name, told] of Object.entries(violations)) for (const one of told.slice(0, 10)) print(`  ${name} ${one}`);
  for (const surprise of surprises) print(`  ${surprise}`);
}

function publish(lines: readonly ResultLine[], how: DeliveryHow): void {
  const [results, pages] = [join(workspaceRoot, 'benchmarks', 'results'), join(workspaceRoot, 'docs', 'benchmarks')];
  for (const folder of [results, pages]) mkdirSync(folder, { recursive: true });
  const name = lines[0]?.bench ?? '';
  writeFileSync(join(results, `${name}.jsonl`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const page = join(pages, 'delivery.md');
  if (name === 'delivery' || !existsSync(page)) writeFileSync(page, deliveryPage(lines, how)); // a quick run never replaces a full one
}

function planOf({ quick, seed, only }: DeliveryOptions, round: number): KillPlan {
  const plan = (quick ? quickPlan : longPlan)(seed + round, print);
  return { ...plan, targets: only === 'random' ? [] : plan.targets, randomKills: only === 'labels' ? 0 : plan.randomKills };
}

const wantedOf = ({ quick, only }: DeliveryOptions): DeliveryTerms['wanted'] => {
  const wanted = quick ? { perLabel: 1, random: 20 } : { perLabel: 20, random: 1_000 };
  return only === 'labels' ? { ...wanted, random: 0 } : wanted;
};

async function bench(options: DeliveryOptions, signal: AbortSignal): Promise<number> {
  const { quick, seed, rounds, only } = options;
  const at = new Date().toISOString();
  const runs: KillRun[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const plan = { ...planOf(options, round), signal };
    print(`round ${round + 1} of ${rounds}, seed ${plan.seed}`);
    const run = await runKills(plan);
    tell(round + 1, plan, run);
    runs.push(run);
  }
  const outcomes = deliveryOutcomes({ runs, targets: planOf(options, 0).targets, wanted: wantedOf(options) }, at);
  const lines = resultLines(factsOf(quick ? 'delivery-quick' : 'delivery'), outcomes);
  for (const line of lines) say(JSON.stringify(line));
  say(`\n${barTable(lines)}`);
  if (only === '') publish(lines, { command: `npm run chaos:kill${quick ? ' -- --quick' : ''}`, seed, rounds });
  const { text, missed } = verdict(lines);
  say(`\n${text}`);
  return missed === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    print(usage);
    return 0;
  }
  let options: DeliveryOptions;
  try {
    options = readDeliveryOptions();
  } catch (error) {
    print(`${(error as Error).message}\n${usage}`);
    return 2;
  }
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort(new Error(`ended by ${signal}`)));
  return bench(options, interruption.signal);
}

process.exitCode = await main().catch((error: unknown) => {
  print(error instanceof Error ? error.message : String(error));
  return 5;
});
process.exit();
