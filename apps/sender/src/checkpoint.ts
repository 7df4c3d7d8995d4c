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
