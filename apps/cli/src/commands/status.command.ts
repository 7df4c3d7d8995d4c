import type { BatchTotals } from '@paceline/domain/reporting';
import type { Command } from 'commander';
import { chosen, foldedTopics, readTotals } from '../batch-totals.ts';
import { findContactKey } from '../contact-key.ts';
import { laneNames } from '../lane-names.ts';
import { formatOf } from '../output-format.ts';
import { pacerReports, pacerUrls } from '../pacer-reports.ts';
import { printRows } from '../print.ts';
import { accessOf, type Access } from '../program-access.ts';
import { statusView, tableRow, waitingLines, type StatusView } from '../status-view.ts';
import { watchTotals } from '../watch-totals.ts';

interface StatusFlags {
  readonly watch?: boolean;
  readonly pacer?: string;
}

/** Reads what the pacers say now and puts it beside the totals. */
async function statusReader(
  access: Access,
  pacer: string | undefined,
): Promise<(totals: readonly BatchTotals[], batch?: string) => Promise<StatusView>> {
  const loaded = access.loadedSettings();
  const names = loaded.ok ? laneNames(loaded.settings, findContactKey(access.dataDir)) : new Map<string, string>();
  const places = { urls: pacerUrls(pacer), run: await access.run(), dataDir: access.dataDir };
  return async (totals, batch) => {
    const pacers = await pacerReports(places);
    return statusView({ totals, pacers, laneNames: names, now: Date.now() * 1_000, batch });
  };
}

function printView(view: StatusView, format: ReturnType<typeof formatOf>): void {
  if (format === 'json') return void process.stdout.write(`${JSON.stringify(view)}\n`);
  if (format !== 'table') return printRows(view.rows, format);
  printRows(view.rows.map(tableRow), 'table');
  for (const line of waitingLines(view)) process.stdout.write(`${line}\n`);
}

const clearScreen = '\u001b[2J\u001b[H';

export function addStatusCommand(program: Command): void {
  program
    .command('status [batch]')
    .description('where the rows of every batch (or of one) are, when they will be done, and what those that wait wait for')
    .option('--watch', 'show it again every second; with -o json or ndjson one line each time')
    .option('--pacer <url>', 'where the pacers answer, comma separated; default PACELINE_PACER_URLS, else the one that was started here')
    .action(async (batch: string | undefined, { watch, pacer }: StatusFlags) => {
      const access = accessOf(program);
      const format = formatOf(program);
      const log = await access.log();
      const view = await statusReader(access, pacer);
      if (watch !== true) {
        const totals = await readTotals(log);
        chosen(totals, batch);
        return printView(await view(totals, batch), format);
      }
      await watchTotals(log, {
        topics: foldedTopics,
        each: async (totals) => {
          const shown = await view(totals, batch);
          if (format === 'table') process.stdout.write(clearScreen);
          printView(shown, format);
        },
      });
    });
}
