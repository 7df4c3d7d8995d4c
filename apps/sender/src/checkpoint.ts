import { channel } from 'node:diagnostics_channel';

/**
 * Every await between claim and close, and the ends of the steps that another thread or a timer takes over. Lint wants
 * one right before each await; the kill matrix ends the process at each.
 */
export const runningLabels = [
  'slots:before-room',
  'claim:decided',
  'claim:before-commit',
  'claim:after-commit',
  'claim:before-hand',
  'call:handed',
  'call:before',
  'call:started',
  'call:before-answer',
  'call:answered',
  'close:reported',
  'close:before-write',
  'close:before-send',
  'close:before-flush',
  'close:after-write',
] as const;

/** Passed while the process ends in order, after SIGTERM. */
export const stoppingLabels = [
  'stop:before-last-commit',
  'stop:before-send-back',
  'stop:before-return',
  'stop:before-grace',
  'stop:in-grace',
  'stop:before-answers',
  'end:before-answers',
  'end:before-disconnect',
  'end:before-late-answers',
  'end:before-flush',
] as const;

/** Passed only when the writer of facts gives up, which it never does while the process lives. */
export const unreachableLabels = ['close:before-retry'] as const;

export const checkpointLabels = [...runningLabels, ...stoppingLabels, ...unreachableLabels] as const;
export type CheckpointLabel = (typeof checkpointLabels)[number];

/** Told when the work passes a label. */
export type Checkpoint = (label: CheckpointLabel) => void;

export const noCheckpoint: Checkpoint = () => undefined;

const passing = channel('paceline:checkpoint');

/**
 * Tells whoever listens in this thread, at once and in the same tick; nobody does but a test that was loaded before the
 * service. Nothing in the product depends on it.
 */
export const tellCheckpoint: Checkpoint = (label) => {
  if (passing.hasSubscribers) passing.publish(label);
};
