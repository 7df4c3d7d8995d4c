import { reportOf } from '@paceline/domain/reporting';
import type { Command } from 'commander';
import { chosen, readTotals } from '../batch-totals.ts';
import { clickHousePart } from '../clickhouse-totals.ts';
import { CliError, exitCodes } from '../exit-code.ts';
import { inspectRequest, renderInspection } from '../inspect-request.ts';
import { formatOf } from '../output-format.ts';
import { printRows } from '../print.ts';
import { accessOf } from '../program-access.ts';

const resultsQuery = `SELECT row, line, request_id, external_id, account, api, outcome, reason, detail, code, http_status, sid, attempts, called_at, answered_at, to, params, uploaded, answer
  FROM results WHERE startsWith(batch_id, {batch: String}) ORDER BY row`;

function addResults(program: Command): void {
  program
    .command('results <batch>')
    .description('every row of a batch with what became of it; -o csv or ndjson for files')
    .action(async (batch: string) => {
      const rows = await (await accessOf(program).sql()).ask<Record<string, string>>(resultsQuery, { batch });
      if (rows.length === 0) throw new CliError(`no rows of batch ${batch} are archived`, exitCodes.usage);
      printRows(rows, formatOf(program));
    });
}

function addReport(program: Command): void {
  program
    .command('report <batch>')
    .description('the report of a batch as JSON: outcomes from the log, totals from ClickHouse')
    .action(async (batch: string) => {
      const access = accessOf(program);
      const totals = chosen(await readTotals(await access.log()), batch);
      const rates = new Map(access.settings().accounts.map(({ name, callsPerSecond }) => [name, callsPerSecond]));
      const clickhouse = await clickHousePart(
        await access.sql(),
        totals.map(({ batchId }) => batchId),
      );
      const report = reportOf(totals, { ledger: null, clickhouse, rateConfigured: (account) => rates.get(account) ?? null });
      process.stdout.write(`${JSON.stringify(report)}\n`);
    });
}

function addDoubts(program: Command): void {
  program
    .command('doubts [batch]')
    .description('rows whose call may or may not have been processed, with the evidence')
    .action(async (batch: string | undefined) => {
      const totals = chosen(await readTotals(await accessOf(program).log()), batch);
      printRows(
        totals.flatMap(({ batchId, doubts }) => doubts.map((doubt) => ({ batchId, ...doubt }))),
        formatOf(program),
      );
    });
}

export function addReadCommands(program: Command): void {
  addResults(program);
  addReport(program);
  addDoubts(program);
  program
    .command('inspect <request>')
    .description('the story of one request: a requestId, a row number of the newest batch, or BATCH:ROW')
    .action(async (asked: string) => {
      const inspection = await inspectRequest(accessOf(program), asked);
      process.stdout.write(formatOf(program) === 'json' ? `${JSON.stringify(inspection)}\n` : renderInspection(inspection));
    });
}
