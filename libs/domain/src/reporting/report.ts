import type { BatchTotals } from './batch-account.ts';
import type { LedgerPart } from './ledger-part.ts';
import { closedOutcomes, type ClosedOutcome } from './row-states.ts';

export const reportSchemaVersion = 1;

/** Asked of ClickHouse by SQL, for the same batches. */
export interface ClickHousePart {
  readonly rows: number;
  readonly outcomes: Readonly<Partial<Record<ClosedOutcome, number>>>;
}

export interface ReportedBatch {
  readonly batchId: string;
  readonly file: string;
  readonly account: string;
  readonly rows: number;
  readonly admitted: number;
  readonly refused: number;
  readonly open: number;
  readonly outcomes: Readonly<Record<ClosedOutcome, number>>;
  readonly reasons: Readonly<Record<string, number>>;
  readonly codes: Readonly<Record<string, number>>;
  readonly inDoubt: number;
  /** Rows that ended as unknown, each with its evidence. */
  readonly doubts: readonly { requestId: string; row: number; reason: string; evidence: unknown }[];
  readonly complete: boolean;
  readonly balanced: boolean;
  readonly refusal: BatchTotals['refusal'];
  /** Calls a second; null when the account is not known here. */
  readonly rateConfigured: number | null;
  /** Calls a second between the first and the last call; null with fewer than two. */
  readonly rateAchieved: number | null;
  /** From the first call to the last. */
  readonly seconds: number;
}

export interface Report {
  readonly schemaVersion: number;
  readonly batches: readonly ReportedBatch[];
  /** Null without a simulator of ours. */
  readonly ledger: LedgerPart | null;
  /** Null when it could not be asked; then the report is not ok. */
  readonly clickhouse: ClickHousePart | null;
  readonly ok: boolean;
}

export interface ReportParts {
  readonly ledger: LedgerPart | null;
  readonly clickhouse: ClickHousePart | null;
  readonly rateConfigured?: (account: string) => number | null;
}

/**
 * The report over these batches. Outcomes come from the log, ClickHouse's from SQL, the ledger from the simulator: none
 * is computed from another, so that `ok` means that three witnesses agree.
 */
export function reportOf(totals: readonly BatchTotals[], parts: ReportParts): Report {
  const batches = totals.map((batch) => reported(batch, parts));
  const { ledger, clickhouse } = parts;
  const settled = batches.every(({ complete, balanced }) => complete && balanced);
  const ok = settled && agrees(batches, clickhouse) && (ledger?.doubleAccepted ?? 0) === 0;
  return { schemaVersion: reportSchemaVersion, batches, ledger, clickhouse, ok };
}

function reported(batch: BatchTotals, { rateConfigured }: ReportParts): ReportedBatch {
  const { batchId, file, account, rows, admitted, refused, open, outcomes, reasons, codes } = batch;
  const { inDoubt, complete, balanced, refusal } = batch;
  const doubts = batch.doubts.map((doubt) => ({ ...doubt, evidence: parsed(doubt.evidence) }));
  return {
    ...{ batchId, file, account, rows, admitted, refused, open, outcomes, reasons, codes },
    ...{ inDoubt, doubts, complete, balanced, refusal },
    rateConfigured: rateConfigured?.(account) ?? null,
    ...paceOf(batch),
  };
}

/** Evidence is JSON that we wrote; what is none is shown as it is. */
function parsed(evidence: string | null): unknown {
  try {
    return evidence === null ? null : (JSON.parse(evidence) as unknown);
  } catch {
    return evidence;
  }
}

function paceOf({ calls, firstCallAt, lastCallAt }: BatchTotals): { rateAchieved: number | null; seconds: number } {
  const seconds = firstCallAt === null || lastCallAt === null ? 0 : (lastCallAt - firstCallAt) / 1e6;
  const rate = calls < 2 || seconds <= 0 ? null : Math.round(((calls - 1) / seconds) * 100) / 100;
  return { rateAchieved: rate, seconds: Math.round(seconds * 1000) / 1000 };
}

function agrees(batches: readonly ReportedBatch[], clickhouse: ClickHousePart | null): boolean {
  if (clickhouse === null) return false;
  const sum = (of: (batch: ReportedBatch) => number): number => batches.reduce((total, batch) => total + of(batch), 0);
  const sameOutcomes = closedOutcomes.every((outcome) => sum(({ outcomes }) => outcomes[outcome]) === (clickhouse.outcomes[outcome] ?? 0));
  return sameOutcomes && sum(({ rows }) => rows) === clickhouse.rows;
}
