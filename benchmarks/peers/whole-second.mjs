// The rule of a serverless queue with delays in whole seconds: row i becomes due ceil((i + 1) / rate) seconds after the start,
// all rows of a second together, and as many workers as calls per second take what is due.
import { begin, call, job } from './call.mjs';

await begin();
const start = performance.now();
let [due, next, working] = [0, 0, 0];

function work() {
  while (next < due && working < job.rate) {
    working += 1;
    void call(next)
      .catch(() => undefined)
      .finally(() => {
        working -= 1;
        work();
      });
    next += 1;
  }
}

function tick(second) {
  setTimeout(
    () => {
      due = Math.min(job.rows, second * job.rate);
      work();
      tick(second + 1);
    },
    start + second * 1_000 - performance.now(),
  );
}
tick(1);
