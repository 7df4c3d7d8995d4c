import type { LaneNames } from '@paceline/domain/reporting';
import { accountLines, shownAccount, type PlanReport } from '../plan/plan-view.ts';
import { durationText } from '../status-view.ts';
import type { ResendPreview } from './resend-preview.ts';

export interface ResendReport extends Omit<ResendPreview, 'plan'> {
  readonly schemaVersion: 1;
  /** The new batch; null as long as nothing was asked for. */
  readonly resendBatchId: string | null;
  /** Rows that the ingestor took; null when nothing was asked for or it has not answered. */
  readonly planned: number | null;
  readonly seconds: number;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly method: PlanReport['method'];
  readonly accounts: PlanReport['accounts'];
  readonly warnings: readonly string[];
  readonly problems: PlanReport['problems'];
}

export function resendReport({ plan, ...preview }: ResendPreview, names: LaneNames): ResendReport {
  const { seconds, startsAt, endsAt, method, accounts, warnings, problems } = plan;
  return {
    schemaVersion: 1,
    ...preview,
    ...{ resendBatchId: null, planned: null, seconds, startsAt, endsAt, method },
    accounts: accounts.map((account) => shownAccount(account, names)),
    ...{ warnings, problems: preview.rows === 0 ? [] : problems },
  };
}

const codeText = (code: number | null): string => (code === null ? '' : ` with code ${code}`);

/** The page for a person. */
export function resendLines(report: ResendReport): string[] {
  const { batchId, file, rows, segments, ends, refused, resends, seconds, endsAt, warnings, problems } = report;
  const before = resends === 0 ? '' : `, resent ${resends} ${resends === 1 ? 'time' : 'times'} before`;
  if (rows === 0)
    return [`${file} (batch ${batchId}${before}): no row ended so, with proof that nothing was processed, and is not already being resent`];
  const refusals = Object.entries(refused).map(([code, n]) => `would be refused: ${code} ${n}`);
  return [
    `${file} (batch ${batchId}${before}): ${rows} rows, ${segments} segments`,
    ...ends.map(({ outcome, reason, code, rows: n }) => `  ${n} ${outcome}: ${reason}${codeText(code)}`),
    ...refusals,
    ...report.accounts.flatMap(accountLines),
    `done in ${durationText(seconds)}, at ${endsAt.slice(0, 19)}Z, when it begins now and nothing else waits`,
    ...warnings.map((warning) => `warning: ${warning}`),
    ...problems.map(({ code, text }) => `problem: ${code}: ${text}`),
  ];
}
