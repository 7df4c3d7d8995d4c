export { ClosingFold, type ClosingListener, type ClosingQuestion, type Generation } from './closing-fold.ts';
export { readmitRow, type Readmission, type ReadmissionContext, type ReadmissionPlace } from './readmit-row.ts';
export { commandFault, decideResend, mostResentRows, type ResendDecision, type ResendFacts, type ResendRefusal } from './resend.decider.ts';
export { batchOfRun, cancelledRows, resendPlanned, resendRefused, resendRequested, type ResendWish } from './resend-events.ts';
export { encodeRun, resendBatchIdOf, runKeyOf, type ResendRun } from './resend-run.ts';
export {
  changesOf,
  generationOf,
  latestRequestOf,
  plannedChanges,
  ResendState,
  type ResendChange,
  type RowsOfRun,
} from './resend-state.ts';
export { blockOf, RowNumbering, RowSet } from './row-set.ts';
export { isProvenSafe, isResendable, resendableOutcomes, type Ending, type ResendableOutcome } from './safe-outcomes.ts';
export { selectionOf, selects, type Closing, type Selection } from './selection.ts';
export { ResendFamily, type ChainLink } from './resend-family.ts';
