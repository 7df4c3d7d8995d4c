/** Every await between claim and close, and the two ends of the call itself. Kill tests stop the process at each. */
export const checkpointLabels = [
  'claim:before-commit',
  'claim:after-commit',
  'call:before',
  'call:started',
  'call:answered',
  'close:before-write',
  'close:after-write',
] as const;
export type CheckpointLabel = (typeof checkpointLabels)[number];

/** Told when the work passes a label. Does nothing outside kill tests. */
export type Checkpoint = (label: CheckpointLabel) => void;

export const noCheckpoint: Checkpoint = () => undefined;

/** Ends this process with SIGKILL at the k-th passing of a label: no handler, no flush, as if the machine had gone. */
export function killAt(label: CheckpointLabel, times: number): Checkpoint {
  let left = times;
  return (passed) => {
    if (passed !== label) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
}

/** Of a kill test, which label ends the process at which passing. */
export interface Kill {
  readonly at: CheckpointLabel;
  readonly after: number;
}

/** Each thread has its own, and each label is passed in one thread only. */
export const checkpointFor = (kill: Kill | null): Checkpoint => (kill === null ? noCheckpoint : killAt(kill.at, kill.after));
