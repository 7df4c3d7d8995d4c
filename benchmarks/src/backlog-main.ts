// `npm run bench:backlog`: millions of waiting rows. Exit 0 all bars met, 1 a bar missed, 2 usage, 5 cannot run.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { workspaceRoot } from '@paceline/local';
import { cases, readBacklogOptions, usage, type BacklogOptions } from './backlog-options.ts';
import { backlogPage } from './backlog-page.ts';
import { outcomeOf, print, runHere } from './backlog-process.ts';
import { resultLines, verdict, type CaseOutcome, type ResultLine, type RunFacts } from './report/result-line.ts';
import { runFacts } from './report/run-facts.ts';
import { barTable } from './report/tables.ts';
import { hasProcStat } from './world/proc-stat.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function publish(lines: readonly ResultLine[], keep: boolean): number {
  say(`\n${barTable(lines)}`);
  const name = lines[0]?.bench ?? '';
  if (keep) {
    const [results, pages] = [join(workspaceRoot, 'benchmarks', 'results'), join(workspaceRoot, 'docs', 'benchmarks')];
    for (const folder of [results, pages]) mkdirSync(folder, { recursive: true });
    writeFileSync(join(results, `${name}.jsonl`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const page = join(pages, 'backlog.md');
    if (name === 'backlog' || !existsSync(page)) writeFileSync(page, backlogPage(lines)); // a quick run never replaces a full one
  }
  const { text, missed } = verdict(lines);
  say(`\n${text}`);
  return missed === 0 ? 0 : 1;
}

/** Of the shared facts those that bear on this benchmark. */
function factsOf(bench: string): RunFacts {
  const facts = runFacts(bench);
  const { kafkajs = '', processor = '', cores = '', memory = '', kernel = '' } = facts.versions;
  return { ...facts, versions: { sqlite: process.versions['sqlite'] ?? '', kafkajs, processor, cores, memory, kernel } };
}

async function bench(options: BacklogOptions): Promise<number> {
  const facts = factsOf(options.quick ? 'backlog-quick' : 'backlog');
  const isTemporary = options.dataDir === '';
  const dataDir = isTemporary ? mkdtempSync(join(tmpdir(), 'paceline-bench-')) : resolve(options.dataDir);
  try {
    const outcomes: CaseOutcome[] = [];
    for (const [id, one] of Object.entries(cases)) {
      if (options.only !== '' && options.only !== id) continue;
      const outcome = await outcomeOf(id, one, { ...options, dataDir });
      outcomes.push(outcome);
      for (const line of resultLines(facts, [outcome])) say(JSON.stringify(line));
    }
    return publish(resultLines(facts, outcomes), options.only === '');
  } finally {
    if (isTemporary) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    print(usage);
    return 0;
  }
  let options: BacklogOptions;
  try {
    options = readBacklogOptions();
  } catch (error) {
    print(`${(error as Error).message}\n${usage}`);
    return 2;
  }
  if (!hasProcStat()) {
    print('this benchmark counts processor time by /proc, which this system does not have');
    return 5;
  }
  const one = options.resultTo === '' ? undefined : cases[options.only];
  return one === undefined ? bench(options) : runHere(one, options);
}

process.exitCode = await main().catch((error: unknown) => {
  print(error instanceof Error ? error.message : String(error));
  return 5;
});
process.exit();
