// Loaded before a service (`--import`), into each of its threads: ends the whole process with SIGKILL at the n-th passing
// of a label, in the tick in which it is passed. No handler runs, nothing is flushed: as if the machine had gone.
import { subscribe } from 'node:diagnostics_channel';

const [label, times] = (process.env.PACELINE_KILL_AT ?? '').split('@');
let left = Number(times ?? 1);

subscribe('paceline:checkpoint', (passed) => {
  if (passed !== label) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
});
