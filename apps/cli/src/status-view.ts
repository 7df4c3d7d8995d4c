import { statusOf, type BatchTotals, type LaneNames, type PaceLine, type WaitingLine } from '@paceline/domain/reporting';
import { statusRow } from './batch-totals.ts';
import type { PacerReports } from './pacer-reports.ts';

type StatusRow = ReturnType<typeof statusRow> & {
  /** Null when it is done, not at a pacer, or waits for a person. */
  readonly etaSeconds: number | null;
  readonly endsAt: string | null;
};

export interface StatusView {
  readonly schemaVersion: 1;
  readonly rows: readonly StatusRow[];
  readonly waiting: readonly WaitingLine[];
  readonly accounts: readonly PaceLine[];
  /** Why reasons and ETAs are missing, in whole or in part; null when they are not. */
  readonly reasonsUnavailable: string | null;
}

export interface StatusSources {
  readonly totals: readonly BatchTotals[];
  readonly pacers: PacerReports;
  readonly laneNames: LaneNames;
  /** UTC microseconds. */
  readonly now: number;
  /** Beginning of the id of the batch asked for. */
  readonly batch?: string | undefined;
}

/** What `status` answers: the rows from the log, and from the pacers why they wait and for how long. */
export function statusView({ totals, pacers, laneNames, now, batch = '' }: StatusSources): StatusView {
  const { waiting, accounts, etas } = statusOf({ totals, reports: pacers.reports, laneNames, now });
  const isMeant = ({ batchId }: { batchId: string }): boolean => batchId.startsWith(batch);
  return {
    schemaVersion: 1,
    rows: totals.filter(isMeant).map((one) => {
      const eta = etas.get(one.batchId);
      return { ...statusRow(one), etaSeconds: eta?.seconds ?? null, endsAt: eta === undefined ? null : isoSecond(eta.at) };
    }),
    waiting: waiting.filter(isMeant),
    accounts,
    reasonsUnavailable: pacers.problem,
  };
}

const isoSecond = (micros: number): string => `${new Date(micros / 1_000).toISOString().slice(0, 19)}Z`;

export function durationText(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${(seconds / 3_600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} d`;
}

const mostLines = 20;
const idDigits = 8;

const waitingLine = ({ batchId, rows, reason, nextAt }: WaitingLine): string => {
  const next = nextAt === null ? '' : `; next slot ${nextAt.slice(0, 19)}Z`;
  return `  ${batchId.slice(0, idDigits)}  ${rows} rows: ${reason}${next}`;
};

/** Lines beneath the table: what rows wait for, largest group first, or why that is not known. */
export function waitingLines({ rows, waiting, reasonsUnavailable }: StatusView): string[] {
  const open = rows.some(({ complete }) => complete !== true);
  if (reasonsUnavailable !== null && open) return [`why rows wait is not known: ${reasonsUnavailable}`];
  if (waiting.length === 0) return [];
  const more = waiting.length > mostLines ? [`  and ${waiting.length - mostLines} more groups: -o json shows all`] : [];
  return ['waiting:', ...waiting.slice(0, mostLines).map(waitingLine), ...more];
}

/** A row of the table: the ETA in words. */
export function tableRow({ etaSeconds, endsAt: _endsAt, ...row }: StatusRow): Record<string, string | number | boolean | null> {
  return { ...row, eta: etaSeconds === null ? '' : durationText(etaSeconds) };
}
