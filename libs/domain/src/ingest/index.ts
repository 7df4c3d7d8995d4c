export { admitRow, ContactHash, type AdmissionContext, type ReachQuery, type RowPlace, type Verdict } from './admission.ts';
export { isE164, isMessageAddress, phoneOf } from './addresses.ts';
export {
  batchAdmitted,
  batchProgressed,
  batchRead,
  batchRefused,
  duplicateFileSeen,
  fileFound,
  requestAdmitted,
  requestRefused,
  type BatchContext,
  type FoundFacts,
  type RefusedRowFacts,
} from './batch-events.ts';
export { decodeState, encodeState, stateKeyOf, type BatchState } from './batch-state.ts';
export { ColumnTargets, planColumns, type ColumnPlan, type ColumnRules } from './column-plan.ts';
export { decideFile, type FileDecision, type SameContent } from './found-file.decider.ts';
export { parseInstant } from './instants.ts';
export type { IngestLimits } from './limits.ts';
export { comparable, ownColumns, parametersOf, rowApis, targetOf, type ColumnTarget, type OwnColumn, type RowApi } from './parameters.ts';
export type { FileFault, RawRow, RowFault } from './raw-row.ts';
export { shortCells } from './record-bounds.ts';
export { admitRows, type Chunk, type ChunkContext } from './row-admission.ts';
export { columnsOf, draftRow, type DraftContext, type Drafted, type RowDraft } from './row-draft.ts';
export { countSegments, type SegmentCount } from './segments.ts';
export {
  consentColumns,
  listColumns,
  RepeatedEntries,
  suppressionFileKind,
  wishOf,
  type EntryContext,
  type EntryProblem,
  type SuppressionFileKind,
  type WrittenEntry,
} from './suppression-file.ts';
export { contactFault, suppressionChannels, suppressionTarget, type SuppressionTarget, type WrittenTarget } from './suppression-target.ts';
export { noRows, Tally, type IngestTotals, type RefusedRow } from './tally.ts';
export { isTemplate, renderTemplate, type Rendered } from './template.ts';
