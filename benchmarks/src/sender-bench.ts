// What the sender's and the router's benchmarks share: a folder, an interrupt, results, page, verdict, exit code.
// Exit codes: 0 all bars met, 1 a bar missed, 2 usage, 5 cannot run, 130 interrupted.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pagesFolder, resultsFolder } from './report/publish.ts';
import { resultLines, verdict, type CaseOutcome, type ResultLine, type RunFacts } from './report/result-line.ts';
import { runFacts } from './report/run-facts.ts';
import { barTable } from './report/tables.ts';
import { readStackOptions, usageOf, type BenchText, type StackBenchOptions } from './sender-options.ts';
import { benchPage, type PageText } from './sender-page.ts';
import { hasProcStat } from './world/proc-stat.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const print = (line: string): void => void process.stderr.write(`${line}\n`);

export interface BenchRun extends StackBenchOptions {
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface StackBench {
  readonly text: BenchText & Omit<PageText, 'name'>;
  readonly run: (run: BenchRun) => Promise<readonly CaseOutcome[]>;
}

const versionOf = (name: string): string => (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;

function factsOf(bench: string): RunFacts {
  const facts = runFacts(bench);
  const { kafkajs = '', processor = '', cores = '', memory = '', kernel = '' } = facts.versions;
  return { ...facts, versions: { twilio: versionOf('twilio'), undici: versionOf('undici'), kafkajs, processor, cores, memory, kernel } };
}

function keep(lines: readonly ResultLine[], { text }: StackBench, quick: boolean): void {
  for (const folder of [resultsFolder, pagesFolder]) mkdirSync(folder, { recursive: true });
  const name = quick ? `${text.name}-quick` : text.name;
  writeFileSync(join(resultsFolder, `${name}.jsonl`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
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
  const own = `${bench.text.name}-${Date.now().toString(36)}`;
  const dataDir = isTemporary ? mkdtempSync(join(tmpdir(), 'paceline-bench-')) : join(resolve(options.dataDir), own);
  const facts = factsOf(options.quick ? `${bench.text.name}-quick` : bench.text.name);
  try {
    return publish(bench, resultLines(facts, await bench.run({ ...options, dataDir, print, signal })), options);
  } finally {
    if (isTemporary) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function begin(bench: StackBench): Promise<number> {
  const cancel = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancel.abort(new Error('interrupted')));
  let options: StackBenchOptions;
  try {
    options = readStackOptions(bench.text);
  } catch (error) {
    print(`${(error as Error).message}\n${usageOf(bench.text)}`);
    return 2;
  }
  try {
    return await measure(bench, options, cancel.signal);
  } catch (error) {
    if (!cancel.signal.aborted) throw error;
    print('interrupted; everything that was started is stopped');
    return 130;
  }
}

/** Runs a benchmark as a process; never returns. */
export async function runStackBench(bench: StackBench): Promise<never> {
  if (process.argv.includes('--help')) {
    print(usageOf(bench.text));
    process.exit(0);
  }
  if (!hasProcStat()) {
    print('this benchmark counts processor time by /proc, which this system does not have');
    process.exit(5);
  }
  process.exit(
    await begin(bench).catch((error: unknown) => {
      print(error instanceof Error ? error.message : String(error));
      return 5;
    }),
  );
}
