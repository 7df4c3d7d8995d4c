// `npm run chaos:kill`: kill -9 at every label and at random instants. Exit 0 all bars met, 1 a bar missed, 2 usage, 5 cannot run.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { longPlan, quickPlan } from '../../regression/chaos/kill-plans.ts';
import { runKills, type KillPlan } from '../../regression/chaos/kill-run.ts';
import { print, runCommand, say } from './bench-command.ts';
import { deliveryOutcomes, type DeliveryTerms } from './delivery-figures.ts';
import { readDeliveryOptions, usage, type DeliveryOptions } from './delivery-options.ts';
import { deliveryPage, type DeliveryHow } from './delivery-page.ts';
import { KeptRounds, runRounds, type Round } from './delivery-rounds.ts';
import { keepLines, pagesFolder } from './report/result-files.ts';
import { resultLines, verdict, type ResultLine } from './report/result-line.ts';
import { runFacts } from './report/run-facts.ts';
import { barTable } from './report/tables.ts';

function tell({ seed, run: { verdict: judged, recoveries, surprises } }: Round): void {
  const { rows, lost, doubled, doubts, violations } = judged;
  print(`seed ${seed}: ${recoveries.length} kills, ${rows} rows, lost ${lost}, double ${doubled}, doubts ${doubts}`);
  for (const [name, told] of Object.entries(violations)) for (const one of told.slice(0, 10)) print(`  ${name} ${one}`);
  for (const surprise of surprises) print(`  ${surprise}`);
}

function publish(lines: readonly ResultLine[], how: DeliveryHow): void {
  const name = lines[0]?.bench ?? '';
  keepLines(name, lines);
  const page = join(pagesFolder, 'delivery.md');
  if (name === 'delivery' || !existsSync(page)) writeFileSync(page, deliveryPage(lines, how)); // a quick run never replaces a full one
}

function planOf({ quick, only }: DeliveryOptions, seed: number, place: number): KillPlan {
  const plan = (quick ? quickPlan : longPlan)(seed, (line) => print(`seed ${seed}: ${line}`));
  return { ...plan, place, targets: only === 'random' ? [] : plan.targets, randomKills: only === 'labels' ? 0 : plan.randomKills };
}

const wantedOf = ({ quick, only }: DeliveryOptions): DeliveryTerms['wanted'] => {
  const wanted = quick ? { perLabel: 1, random: 12 } : { perLabel: 20, random: 1_000 };
  return only === 'labels' ? { ...wanted, random: 0 } : wanted;
};

const commandOf = ({ quick, atOnce }: DeliveryOptions): string =>
  `npm run chaos:kill${quick ? ' -- --quick' : atOnce === 1 ? '' : ` -- --at-once ${atOnce}`}`;

async function bench(options: DeliveryOptions, signal: AbortSignal): Promise<number> {
  const { quick, rounds, atOnce, only } = options;
  const at = new Date().toISOString();
  const facts = runFacts(quick ? 'delivery-quick' : 'delivery');
  const kept = new KeptRounds(options.keep, facts.commit);
  const seed = kept.firstSeed(options.seed);
  print(`${rounds} rounds from seed ${seed}, ${kept.ended.length} of them kept from before`);
  const done = await runRounds(kept, {
    ...{ rounds, atOnce, firstSeed: seed, ended: tell },
    planOf: (of, place) => ({ ...planOf(options, of, place), signal }),
    run: runKills,
  });
  const runs = done.map(({ run }) => run);
  const outcomes = deliveryOutcomes({ runs, targets: planOf(options, seed, 0).targets, wanted: wantedOf(options) }, at);
  const lines = resultLines(facts, outcomes);
  for (const line of lines) say(JSON.stringify(line));
  say(`\n${barTable(lines)}`);
  if (only === '') publish(lines, { command: commandOf(options), seed, rounds: runs.length });
  const { text, missed } = verdict(lines);
  say(`\n${text}`);
  return missed === 0 ? 0 : 1;
}

await runCommand({
  usage,
  options: readDeliveryOptions,
  needsProcStat: false,
  run: (options) => {
    const interruption = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort(new Error(`ended by ${signal}`)));
    return bench(options, interruption.signal);
  },
});
