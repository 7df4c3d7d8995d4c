// Prints the lines, keeps them, draws and writes the page of a full run. The last line tells bars met and missed.
import { mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../bench-command.ts';
import { pacingPage } from './pacing-page.ts';
import { draw, type PlotData } from './plots.ts';
import { keepLines, pagesFolder, resultsFolder } from './result-files.ts';
import { verdict, type ResultLine } from './result-line.ts';
import { barTable, sharedRates, sideBySide } from './tables.ts';

export interface Publication {
  /** Of the files in results. */
  readonly name: string;
  readonly plot: PlotData | null;
  /** A run of some cases only is printed and not kept. */
  readonly keep: boolean;
}

function keepResults(lines: readonly ResultLine[], { name, plot }: Publication): void {
  keepLines(name, lines);
  if (plot !== null) writeFileSync(join(resultsFolder, `${name}.plots.json`), `${JSON.stringify(plot)}\n`);
}

function keptLines(name: string): ResultLine[] {
  const file = join(resultsFolder, `${name}.jsonl`);
  if (!existsSync(file)) return [];
  const texts = readFileSync(file, 'utf8').split('\n');
  return texts.filter((text) => text !== '').map((text) => JSON.parse(text) as ResultLine);
}

/** Writes docs/benchmarks/pacing.md and its drawings from kept results; returns its path. */
export function writePage(name: string): string {
  mkdirSync(pagesFolder, { recursive: true });
  const plots = join(resultsFolder, `${name}.plots.json`);
  const drawn = existsSync(plots) && draw(JSON.parse(readFileSync(plots, 'utf8')) as PlotData, pagesFolder);
  const page = join(pagesFolder, 'pacing.md');
  writeFileSync(page, pacingPage(keptLines(name), { drawn }));
  return page;
}

export function publish(lines: readonly ResultLine[], publication: Publication): { readonly missed: number } {
  for (const line of lines) say(JSON.stringify(line));
  say(`\n${barTable(lines)}`);
  for (const rate of sharedRates(lines)) say(`\n${rate} calls/s, arrivals at the simulator\n${sideBySide(lines, rate)}`);
  if (publication.keep) {
    keepResults(lines, publication);
    if (publication.name === 'pacing') say(`\nwritten: ${writePage(publication.name)}`);
  }
  const { text, missed } = verdict(lines);
  say(`\n${text}`);
  return { missed };
}
