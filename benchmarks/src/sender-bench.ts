// What the sender's and the router's benchmarks share: a folder, results, page, verdict.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { interruptible, print, runCommand, say } from './bench-command.ts';
import { keepLines, pagesFolder, resultsFolder } from './report/result-files.ts';
import { resultLines, verdict, type CaseOutcome, type ResultLine } from './report/result-line.ts';
import { runFacts } from './report/run-facts.ts';
import { barTable } from './report/tables.ts';
import { readStackOptions, usageOf, type BenchText, type StackBenchOptions } from './sender-options.ts';
import { benchPage, type PageText } from './sender-page.ts';

export interface BenchRun extends StackBenchOptions {
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface StackBench {
  readonly text: BenchText & Omit<PageText, 'name'>;
  readonly run: (run: BenchRun) => Promise<readonly CaseOutcome[]>;
}

const versionOf = (name: string): string => (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;

function keep(lines: readonly ResultLine[], { text }: StackBench, quick: boolean): void {
  keepLines(quick ? `${text.name}-quick` : text.name, lines);
  const page = join(pagesFolder, `${text.name}.md`);
  // A quick run never replaces a full one.
  if (!quick || !existsSync(page) || !existsSync(join(resultsFolder, `${text.name}.jsonl`))) writeFileSync(page, benchPage(lines, text));
}

function publish(bench: StackBench, lines: readonly ResultLine[], { quick, only }: StackBenchOptions): number {
  for (const line of lines) say(JSON.stringify(line));
  say(`\n${barTable(lines)}`);
  const others = bench.text.beside?.(lines) ?? '';
  if (others !== '') say(`\n${others}`);
  if (only === '') keep(lines, bench, quick);
  const { text, missed } = verdict(lines);
  say(`\n${text}`);
  return missed === 0 ? 0 : 1;
}

async function measure(bench: StackBench, options: StackBenchOptions, signal: AbortSignal): Promise<number> {
  const isTemporary = options.dataDir === '';
  // A folder of its own for each run: suppressions of an earlier one would close rows of this.
  const folder = `${bench.text.name}-${Date.now().toString(36)}`;
  const dataDir = isTemporary ? mkdtempSync(join(tmpdir(), 'paceline-bench-')) : join(resolve(options.dataDir), folder);
  const own = { twilio: versionOf('twilio'), undici: versionOf('undici') };
  const facts = runFacts(options.quick ? `${bench.text.name}-quick` : bench.text.name, own);
  try {
    return publish(bench, resultLines(facts, await bench.run({ ...options, dataDir, print, signal })), options);
  } finally {
    if (isTemporary) rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Runs a benchmark as a process; never returns. */
export const runStackBench = (bench: StackBench): Promise<never> =>
  runCommand({
    usage: usageOf(bench.text),
    options: () => readStackOptions(bench.text),
    needsProcStat: true,
    run: (options) => interruptible((signal) => measure(bench, options, signal)),
  });
