// Where a long run of the pacing leaves what it measured: JSON in benchmarks/results, a page in docs/benchmarks.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@paceline/testing';

const results = join(repositoryRoot, 'benchmarks', 'results');
const pages = join(repositoryRoot, 'docs', 'benchmarks');

/** Null outside of a clone. */
function git(...args: readonly string[]): string | null {
  try {
    return execFileSync('git', args, { cwd: repositoryRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}

export const commit = (): string => git('rev-parse', '--short', 'HEAD') ?? 'unknown';

/** Names the code of the services at a commit: two commits that changed tests and pages alone have the same. */
export const servicesAt = (at: string): string => git('rev-parse', `${at}:apps`, `${at}:libs`) ?? at;

/** What every result names beside its figures. */
const circumstances = () => ({
  commit: commit(),
  node: process.version,
  cores: availableParallelism(),
  loadAtEnd: loadavg()[0],
  at: new Date().toISOString(),
});

export interface LongResult {
  readonly name: string;
  readonly title: string;
  readonly figures: object;
  /** What the page says of them, markdown. */
  readonly text: string;
}

export function publish({ name, title, figures, text }: LongResult): void {
  const around = circumstances();
  mkdirSync(results, { recursive: true });
  mkdirSync(pages, { recursive: true });
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify({ bench: name, ...around, ...figures }, null, 2)}\n`);
  const source = `<!-- Written by e2e/long/${name}.long.spec.ts; figures: benchmarks/results/${name}.json; do not edit. -->`;
  const facts = `Commit ${around.commit}, Node ${around.node}, ${around.cores} cores, load ${around.loadAtEnd?.toFixed(1)} at the end, ${around.at}.`;
  writeFileSync(join(pages, `${name}.md`), `${source}\n# ${title}\n\n${text}\n\n${facts}\n`);
}
