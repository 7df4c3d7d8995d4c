export { callGate, type CallGate } from './call-gate.ts';
export { controlIdOf, controlOf, controlSet, parseEntity, type Control, type ControlId, type ControlWish } from './control.ts';
export { ControlIndex, type Controls, type ControlTable, type FreshControls } from './control-index.ts';
export {
  accountOpenness,
  batchOpenness,
  isBatchCancelled,
  isBatchReleased,
  isStop,
  isYes,
  laneEndings,
  laneEntity,
  laneOpenness,
  stopsAnywhere,
  stopsOf,
  type Openness,
  type Shut,
} from './openness.ts';
export { stopText } from './stop-text.ts';
export { accountCap, accountRate, batchPriority, batchWeight, operatorCap, operatorRate } from './values.ts';
