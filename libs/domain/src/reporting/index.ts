export { BatchFold } from './batch-fold.ts';
export type { BatchTotals, Doubt } from './batch-account.ts';
export { closedOutcomes, type ClosedOutcome } from './row-states.ts';
export { reportOf, reportSchemaVersion, type ClickHousePart, type Report, type ReportedBatch, type ReportParts } from './report.ts';
export { ledgerPartOf, type LedgerEntry, type LedgerPart } from './ledger-part.ts';
export { worstWindow } from './sliding-window.ts';
export {
  concerns,
  instant,
  renderTimeline,
  requestTimeline,
  type TimelineLine,
  type TimelineRecord,
  type TimelineSubject,
} from './request-timeline.ts';
export { renderWaterfall, type WaterfallSpan } from './waterfall.ts';
export { isConsent, suppressionLines, suppressionsToExport, type SuppressionLine, type SuppressionState } from './suppression-list.ts';
export { batchEtas, type Eta } from './eta.ts';
export { statusOf, type PaceLine, type Status, type StatusParts, type WaitingLine } from './status.ts';
export { endsByItself, waitingText, type LaneNames } from './waiting-text.ts';
export type { AccountReport, PacingReport, WaitingGroup, WaitingReason } from '../pacing/pacing-report.ts';
export { planOf, type Plan, type PlannedAccount, type PlannedLane, type PlanAssumptions, type PlanProblem } from './plan.ts';
export { mostSimulatedRows, PlanLoad, type PlannedRow } from './plan-load.ts';
export { laneRateOf, type PlanAccount } from './plan-account.ts';
export { limitTimes, type LimitKind, type LimitTime } from './plan-limits.ts';
