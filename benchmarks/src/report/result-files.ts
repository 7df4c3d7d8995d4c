import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@paceline/local';
import type { ResultLine } from './result-line.ts';

export const resultsFolder = join(workspaceRoot, 'benchmarks', 'results');
export const pagesFolder = join(workspaceRoot, 'docs', 'benchmarks');

/** Keeps the lines of a run under its name; both folders exist afterwards. */
export function keepLines(name: string, lines: readonly ResultLine[]): void {
  for (const folder of [resultsFolder, pagesFolder]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(resultsFolder, `${name}.jsonl`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
