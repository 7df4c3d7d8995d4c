import type { Micros } from '@paceline/contracts';
import type { AccountReport, PacingReport, WaitingReason } from '../pacing/pacing-report.ts';
import type { BatchTotals } from './batch-account.ts';
import { batchEtas, type Eta } from './eta.ts';
import { instant } from './request-timeline.ts';
import { waitingText, type LaneNames } from './waiting-text.ts';

/** Rows that wait for the same thing, as people read it. */
export interface WaitingLine {
  readonly account: string;
  readonly batchId: string;
  /** Masked name of the sender where the settings list it, else the lane's id. */
  readonly lane: string;
  readonly priority: number;
  readonly rows: number;
  readonly kind: WaitingReason['kind'];
  readonly reason: string;
  /** ISO; null when time alone does not help. */
  readonly nextAt: string | null;
}

/** One account's pace as its pacer has it. */
export interface PaceLine {
  readonly account: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly maxInFlight: number | null;
  readonly callsPerSecond: number;
  readonly configuredCallsPerSecond: number;
}

export interface Status {
  readonly waiting: readonly WaitingLine[];
  readonly accounts: readonly PaceLine[];
  readonly etas: ReadonlyMap<string, Eta>;
}

export interface StatusParts {
  readonly totals: readonly BatchTotals[];
  readonly reports: readonly PacingReport[];
  readonly laneNames: LaneNames;
  readonly now: Micros;
}

const paceLine = ({ account, waiting, inFlight, maxInFlight, callsPerSecond, configuredCallsPerSecond }: AccountReport): PaceLine => ({
  ...{ account, waiting, inFlight, maxInFlight, callsPerSecond, configuredCallsPerSecond },
});

function waitingLines({ account, groups }: AccountReport, laneNames: LaneNames): WaitingLine[] {
  return groups.map((group) => ({
    account,
    batchId: group.batchId,
    lane: laneNames.get(group.lane) ?? group.lane,
    priority: group.priority,
    rows: group.rows,
    kind: group.reason.kind,
    reason: waitingText(group, laneNames),
    nextAt: group.nextAt === null ? null : instant(group.nextAt),
  }));
}

/** What the pacers say, put beside what the log says. */
export function statusOf({ totals, reports, laneNames, now }: StatusParts): Status {
  const accounts = reports.flatMap((report) => report.accounts);
  return {
    waiting: accounts.flatMap((account) => waitingLines(account, laneNames)).sort((a, b) => b.rows - a.rows),
    accounts: accounts.map(paceLine),
    etas: batchEtas(accounts, totals, now),
  };
}
