// p-throttle: at most `limit` calls in an interval of a second; all rows wait in its queue from the start.
import pThrottle from 'p-throttle';
import { begin, call, job } from './call.mjs';

const throttled = pThrottle({ limit: job.rate, interval: 1_000 })(call);
await begin();
for (let row = 0; row < job.rows; row += 1) void throttled(row).catch(() => undefined);
