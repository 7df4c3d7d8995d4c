import type { BatchTotals, Report } from '@paceline/domain/reporting';
import { relative } from 'node:path';
import { printRows } from '../print.ts';

export interface ReportView {
  readonly json: boolean;
  readonly totals: readonly BatchTotals[];
  readonly dataDir: string;
}

const present = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${name} ${n}`)
    .join(', ');

function explain({ batches, ledger, clickhouse, ok }: Report): string[] {
  const perBatch = batches.flatMap((batch) => [
    `${batch.file} (batch ${batch.batchId}): ${batch.rows} rows in ${batch.seconds} s, ${batch.rateAchieved ?? '-'}/s of ${batch.rateConfigured ?? '-'}/s`,
    `  outcomes: ${present(batch.outcomes) || 'none'}`,
    `  reasons:  ${present(batch.reasons) || 'none'}`,
    ...(batch.refusal === null ? [] : [`  refused:  ${batch.refusal.code}: ${batch.refusal.reason}`]),
  ]);
  const judged =
    ledger === null
      ? 'no simulator of ours: no ledger'
      : `simulator's ledger: ${ledger.requests} calls, ${ledger.accepted} accepted, ${ledger.doubleAccepted} accepted twice, worst second ${ledger.worstSecond} of ${ledger.limit ?? '-'}`;
  const archive =
    clickhouse === null ? 'ClickHouse could not be asked' : `ClickHouse: ${clickhouse.rows} rows, ${present(clickhouse.outcomes)}`;
  return [...perBatch, judged, archive, ok ? 'log, ClickHouse and ledger agree' : 'NOT balanced: see `paceline status`'];
}

function nextSteps({ batches }: Report, dataDir: string): string[] {
  const [batch] = batches;
  if (batch === undefined) return [];
  const where = relative(process.cwd(), dataDir) === '.paceline' ? '' : ` --data-dir ${dataDir}`;
  return [
    '',
    'Try next (while this runs):',
    `  npx paceline${where} status`,
    `  npx paceline${where} inspect ${batch.batchId}:1`,
    `  npx paceline${where} results ${batch.batchId} -o csv`,
    "  SELECT class, code, responses FROM responses_by_code  -- at ClickHouse's HTTP port, database paceline",
  ];
}

/** The report for a person, or as the last line of standard output for a program. */
export function printReport(report: Report, { json, totals, dataDir }: ReportView): void {
  const lines = [...explain(report), ...duplicateLines(totals)];
  if (json) {
    process.stderr.write(`${lines.join('\n')}\n`);
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  printRows(
    report.batches.map(({ file, rows, outcomes, seconds, rateAchieved }) => ({
      file,
      rows,
      ...outcomes,
      seconds,
      'calls/s': rateAchieved,
    })),
    'table',
  );
  process.stdout.write(`${[...lines, ...nextSteps(report, dataDir)].join('\n')}\n`);
}

const duplicateLines = (totals: readonly BatchTotals[]): string[] =>
  totals
    .filter(({ duplicates }) => duplicates > 0)
    .map(({ file, batchId }) => `${file}: already processed as batch ${batchId}; nothing was sent again`);
