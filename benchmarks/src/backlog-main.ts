// `npm run bench:backlog`: millions of waiting rows. Exit 0 all bars met, 1 a bar missed, 2 usage, 5 cannot run.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cases, readBacklogOptions, usage, type BacklogOptions } from './backlog-options.ts';
import { backlogPage } from './backlog-page.ts';
import { outcomeOf, runHere } from './backlog-process.ts';
import { runCommand, say } from './bench-command.ts';
import { keepLines, pagesFolder } from './report/result-files.ts';
import { resultLines, verdict, type CaseOutcome, type ResultLine } from './report/result-line.ts';
import { runFacts } from './report/run-facts.ts';
import { barTable } from './report/tables.ts';

const sqlite = process.versions['sqlite'] ?? '';

function publish(lines: readonly ResultLine[], keep: boolean): number {
  say(`\n${barTable(lines)}`);
  const name = lines[0]?.bench ?? '';
  if (keep) {
    keepLines(name, lines);
    const page = join(pagesFolder, 'backlog.md');
    if (name === 'backlog' || !existsSync(page)) writeFileSync(page, backlogPage(lines)); // a quick run never replaces a full one
  }
  const { text, missed } = verdict(lines);
  say(`\n${text}`);
  return missed === 0 ? 0 : 1;
}

async function bench(options: BacklogOptions): Promise<number> {
  const facts = runFacts(options.quick ? 'backlog-quick' : 'backlog', { sqlite });
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

await runCommand({
  usage,
  options: readBacklogOptions,
  needsProcStat: true,
  run: (options) => {
    const one = options.resultTo === '' ? undefined : cases[options.only];
    return one === undefined ? bench(options) : runHere(one, options);
  },
});
