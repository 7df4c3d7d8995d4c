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
